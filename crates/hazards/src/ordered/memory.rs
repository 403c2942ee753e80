//! The last accesses to each byte.
//!
//! An allocation is cut into segments whose last accesses are the same. Memory that many things share one after the other has
//! as many as there are things in it at a time, because a write makes one segment of what it covers. Most allocations are only ever
//! touched as a whole and have one.

use acg_entity::Entity;
use acg_runtime::state::BufferId;

use super::segments::{Found, NONE, Segment, Segments};
use super::{Epoch, Touched};

/// After so many segments for each access, and so many besides, looking at segments is given up.
const MOST_SEGMENTS: (u64, u64) = (32, 1 << 16);

#[derive(Clone, Copy, Debug)]
struct Read {
    epoch: Epoch,
    before: u32,
}

/// The segments of an allocation.
#[derive(Clone, Copy, Debug)]
enum Area {
    Untouched,
    One(u32),
    List(u32),
}

/// The last accesses to all allocations.
#[derive(Debug, Default)]
pub(super) struct Memory {
    of: Vec<Area>,
    /// Allocations that are touched.
    touched: Vec<BufferId>,
    segments: Segments,
    reads: Vec<Read>,
    accesses: u64,
}

impl Memory {
    /// Forgets everything, in no more time than it took to note it.
    pub(super) fn clear(&mut self) {
        for buffer in self.touched.drain(..) {
            self.of[buffer.index()] = Area::Untouched;
        }
        self.segments.clear();
        self.reads.clear();
        self.accesses = 0;
    }

    /// Makes room for so many segments; what grows is copied, and for a moment takes three times its place.
    pub(super) fn reserve(&mut self, segments: usize) {
        self.segments.reserve(segments);
    }

    /// Whether an access comes after all that it conflicts with, by what `has_seen` says of them; no as well where that takes too long.
    pub(super) fn comes_after(&mut self, touched: &Touched, has_seen: impl Fn(Epoch) -> bool) -> bool {
        let &Touched { buffer, start, end, writes } = touched;
        let Self { of, segments, reads, accesses, .. } = self;
        let is_fine = |segment: &Segment| {
            let mut read = if writes { segment.read } else { NONE };
            while let Some(&Read { epoch, before }) = reads.get(read as usize) {
                if !has_seen(epoch) {
                    return false;
                }
                read = before;
            }
            segment.write == Epoch::NEVER || has_seen(segment.write)
        };
        let list = match of.get(buffer.index()) {
            None | Some(Area::Untouched) => return true,
            Some(&Area::One(at)) => {
                let segment = segments.at(at);
                return segment.start >= end || segment.end <= start || is_fine(segment);
            }
            Some(&Area::List(list)) => list,
        };
        let found = segments.find(list, start);
        let mut at = segments.ending_behind(list, found, start);
        while at != NONE && segments.at(at).start < end {
            segments.met += 1;
            if !is_fine(segments.at(at)) {
                return false;
            }
            at = segments.after(list, at);
        }
        *accesses += 1;
        segments.met <= *accesses * MOST_SEGMENTS.0 + MOST_SEGMENTS.1
    }

    /// Notes an access by the task at `epoch`; `is_rewritten` says whether the allocation is written more than once.
    pub(super) fn note(&mut self, touched: &Touched, epoch: Epoch, is_rewritten: impl Fn() -> bool) {
        let &Touched { buffer, start, end, writes } = touched;
        if buffer.index() >= self.of.len() {
            self.of.resize(buffer.index() + 1, Area::Untouched);
        }
        let list = match self.of[buffer.index()] {
            Area::Untouched => {
                let at = self.segments.add(Segment::untouched(start, end));
                self.touched.push(buffer);
                self.of[buffer.index()] = Area::One(at);
                return self.mark(at, writes, epoch, is_rewritten);
            }
            Area::One(at) => {
                let segment = self.segments.at(at);
                if (segment.start, segment.end) == (start, end) {
                    return self.mark(at, writes, epoch, is_rewritten);
                }
                let list = self.segments.list(at);
                self.of[buffer.index()] = Area::List(list);
                list
            }
            Area::List(list) => list,
        };
        match self.segments.find(list, start) {
            // What is touched as it was written keeps its borders.
            Found::At(at) if self.segments.at(at).end == end => self.mark(at, writes, epoch, is_rewritten),
            found if writes => self.write(list, found, touched, epoch),
            _ => self.read(list, touched, epoch),
        }
    }

    /// Adds an access to a segment that is touched as a whole.
    fn mark(&mut self, at: u32, writes: bool, epoch: Epoch, is_rewritten: impl Fn() -> bool) {
        let segment = self.segments.at_mut(at);
        if writes {
            (segment.write, segment.read) = (epoch, NONE);
        } else if segment.write == Epoch::NEVER || is_rewritten() {
            segment.read = read(segment.read, epoch, &mut self.reads);
        }
    }

    /// Makes one segment of what a write covers, given what was found at its start.
    fn write(&mut self, list: u32, found: Found, &Touched { start, end, .. }: &Touched, epoch: Epoch) {
        let segments = &mut self.segments;
        let (at, mut covered) = match found {
            Found::At(at) => (at, *segments.at(at)),
            Found::Behind(before) => {
                let mut covered = Segment::untouched(start, start);
                if before != NONE && segments.at(before).end > start {
                    covered = *segments.at(before);
                    segments.at_mut(before).end = start;
                }
                (segments.insert(list, before, Segment::untouched(start, end)), covered)
            }
        };
        loop {
            let next = segments.after(list, at);
            if next == NONE || segments.at(next).start >= end {
                break;
            }
            covered = *segments.at(next);
            segments.remove_after(list, at);
        }
        let written = segments.at_mut(at);
        (written.end, written.write, written.read) = (end, epoch, NONE);
        if covered.end > end {
            segments.insert(list, at, covered.rest(end));
        }
    }

    /// Adds a read to all segments of a range, and makes segments of what has none.
    fn read(&mut self, list: u32, &Touched { start, end, .. }: &Touched, epoch: Epoch) {
        let Self { segments, reads, .. } = self;
        segments.cut(list, end);
        let (mut before, mut next) = match segments.cut(list, start) {
            Found::At(at) => (NONE, at),
            Found::Behind(before) => (before, segments.after(list, before)),
        };
        let mut behind = start;
        while behind < end {
            let limit = if next == NONE { end } else { segments.at(next).start.min(end) };
            if behind < limit {
                next = segments.insert(list, before, Segment::untouched(behind, limit));
            }
            let segment = segments.at_mut(next);
            segment.read = read(segment.read, epoch, reads);
            behind = segment.end;
            (before, next) = (next, segments.after(list, next));
        }
    }
}

/// The reads since a write, of which the last is given, after one more.
fn read(last: u32, epoch: Epoch, reads: &mut Vec<Read>) -> u32 {
    let Some(&Read { epoch: earlier, before }) = reads.get(last as usize) else {
        reads.push(Read { epoch, before: NONE });
        return reads.len() as u32 - 1;
    };
    if earlier == epoch {
        return last;
    }
    // What comes after this one comes after the one before it on its lane.
    reads.push(Read { epoch, before: if earlier.lane == epoch.lane { before } else { last } });
    reads.len() as u32 - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LANES: u32 = 3;

    #[derive(Clone, Debug)]
    struct Step {
        lane: u32,
        buffer: usize,
        range: (u64, u64),
        writes: bool,
        /// How many tasks of each lane are complete before it.
        seen: Vec<u32>,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let range =
            prop_oneof![Just((0, 12)), (0..12u64, 1..6u64).prop_map(|(start, len)| (start, start + len))];
        let seen = prop::collection::vec(0..12u32, LANES as usize);
        let step = (0..LANES, 0..2usize, range, any::<bool>(), seen);
        let step =
            step.prop_map(|(lane, buffer, range, writes, seen)| Step { lane, buffer, range, writes, seen });
        prop::collection::vec(step, 0..40)
    }

    proptest! {
        #[test]
        fn accesses_come_after_what_they_conflict_with_byte_by_byte(steps in steps()) {
            let mut memory = Memory::default();
            // Of each byte, the last write and the reads since.
            let mut bytes: Vec<Vec<(Option<Epoch>, Vec<Epoch>)>> = vec![vec![(None, Vec::new()); 20]; 2];
            let mut count = [0; LANES as usize];
            for round in 0..2 {
                let touched = |step: &Step| {
                    let (start, end) = step.range;
                    Touched { buffer: BufferId::at(step.buffer), start, end, writes: step.writes }
                };
                let writes = |buffer| steps.iter().filter(|step| step.buffer == buffer && step.writes).count();
                for step in &steps {
                    let epoch = Epoch { lane: step.lane, position: count[step.lane as usize] };
                    count[step.lane as usize] += 1;
                    let has_seen = |earlier: Epoch| {
                        earlier.lane == step.lane || earlier.position < step.seen[earlier.lane as usize]
                    };
                    let (start, end) = step.range;
                    let touched = touched(step);
                    let all = &mut bytes[step.buffer][start as usize..end as usize];
                    let expected = all.iter().all(|(write, reads)| {
                        write.is_none_or(has_seen) && (!step.writes || reads.iter().copied().all(has_seen))
                    });
                    prop_assert_eq!(memory.comes_after(&touched, has_seen), expected, "{}: {:?}", round, step);
                    memory.note(&touched, epoch, || writes(step.buffer) > 1);
                    for (write, reads) in all {
                        if step.writes {
                            (*write, *reads) = (Some(epoch), Vec::new());
                        } else {
                            reads.push(epoch);
                        }
                    }
                }
                memory.clear();
                bytes.iter_mut().flatten().for_each(|byte| *byte = (None, Vec::new()));
                count = [0; LANES as usize];
            }
        }
    }
}
