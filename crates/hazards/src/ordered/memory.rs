//! The last accesses to each byte.
//!
//! An allocation is cut into segments whose last accesses are the same. Memory that many things share one after the other has
//! as many as there are things in it at a time, because a write makes one segment of what it covers.
//!
//! **Invariant:** segments of an allocation do not overlap.

use std::collections::BTreeMap;

use acg_entity::Entity;
use acg_runtime::state::BufferId;

use super::{Epoch, Touched};

const NONE: u32 = u32::MAX;

/// After so many segments for each access, and so many besides, looking at segments is given up.
const MOST_SEGMENTS: (u64, u64) = (32, 1 << 16);

#[derive(Clone, Copy, Debug)]
struct Segment {
    end: u64,
    write: Option<Epoch>,
    /// The last of the reads since then, in [`Memory::reads`].
    read: u32,
}

#[derive(Clone, Copy, Debug)]
struct Read {
    epoch: Epoch,
    before: u32,
}

type Map = BTreeMap<u64, Segment>;

/// The segments of an allocation by their first bytes. Hardly any is ever touched in part, so that the first one needs no room of its own.
#[derive(Debug, Default)]
struct Segments {
    only: Option<(u64, Segment)>,
    many: Option<Box<Map>>,
}

/// The last accesses to all allocations.
#[derive(Debug, Default)]
pub(super) struct Memory {
    of: Vec<Segments>,
    /// Allocations that are touched.
    touched: Vec<BufferId>,
    reads: Vec<Read>,
    accesses: u64,
    /// How many segments accesses met.
    met: u64,
    /// Kept between accesses: what no segment covers, and the segments that a write covers.
    gaps: Vec<(u64, u64)>,
    covered: Vec<u64>,
}

impl Memory {
    /// Forgets everything, in no more time than it took to note it.
    pub(super) fn clear(&mut self) {
        for buffer in self.touched.drain(..) {
            self.of[buffer.index()] = Segments::default();
        }
        self.reads.clear();
        (self.accesses, self.met) = (0, 0);
    }

    /// Whether an access comes after all that it conflicts with, by what `has_seen` says of them; no as well where that takes too long.
    pub(super) fn comes_after(&mut self, touched: &Touched, has_seen: impl Fn(Epoch) -> bool) -> bool {
        let Self { of, reads, met, .. } = self;
        self.accesses += 1;
        let Some(segments) = of.get(touched.buffer.index()) else { return true };
        let mut is_fine = |segment: &Segment| {
            *met += 1;
            let mut read = if touched.writes { segment.read } else { NONE };
            while let Some(&Read { epoch, before }) = reads.get(read as usize) {
                if !has_seen(epoch) {
                    return false;
                }
                read = before;
            }
            segment.write.is_none_or(&has_seen)
        };
        let are_fine = match segments {
            Segments { only: Some((start, segment)), .. } => {
                let is_met = *start < touched.end && segment.end > touched.start;
                [segment].into_iter().filter(|_| is_met).all(is_fine)
            }
            Segments { many: Some(many), .. } => match many.get(&touched.start) {
                // What is touched as it was written meets nothing else.
                Some(segment) if segment.end == touched.end => is_fine(segment),
                _ => {
                    let under = many.range(..touched.end).rev().map(|(_, segment)| segment);
                    under.take_while(|segment| segment.end > touched.start).all(is_fine)
                }
            },
            _ => true,
        };
        are_fine && self.met <= self.accesses * MOST_SEGMENTS.0 + MOST_SEGMENTS.1
    }

    /// Notes an access by the task at `epoch`.
    pub(super) fn note(&mut self, touched: &Touched, epoch: Epoch) {
        let at = touched.buffer.index();
        if at >= self.of.len() {
            self.of.resize_with(at + 1, Segments::default);
        }
        let &Touched { start, end, writes, .. } = touched;
        if start >= end {
            return;
        }
        let written = Segment { end, write: Some(epoch), read: NONE };
        let untouched = Segment { write: None, ..written };
        let segments = &mut self.of[at];
        if segments.many.is_none() {
            if segments.only.is_none() {
                self.touched.push(touched.buffer);
            }
            let (first, segment) = segments.only.get_or_insert((start, untouched));
            if (*first, segment.end) == (start, end) {
                *segment = if writes { written } else { read(segment, epoch, &mut self.reads) };
                return;
            }
        }
        let only = segments.only.take();
        let many = segments.many.get_or_insert_with(|| Box::new(only.into_iter().collect()));
        // What is touched as it was written keeps its borders.
        if let Some(segment) = many.get_mut(&start).filter(|segment| segment.end == end) {
            *segment = if writes { written } else { read(segment, epoch, &mut self.reads) };
            return;
        }
        if writes {
            write(many, start, written, &mut self.covered);
            return;
        }
        cut(many, start);
        cut(many, end);
        let mut behind = start;
        for (&first, segment) in many.range_mut(start..end) {
            if behind < first {
                self.gaps.push((behind, first));
            }
            behind = segment.end;
            *segment = read(segment, epoch, &mut self.reads);
        }
        if behind < end {
            self.gaps.push((behind, end));
        }
        for (start, end) in self.gaps.drain(..) {
            many.insert(start, read(&Segment { end, ..untouched }, epoch, &mut self.reads));
        }
    }
}

/// Makes one segment of what a write covers.
fn write(segments: &mut Map, start: u64, written: Segment, covered: &mut Vec<u64>) {
    let end = written.end;
    let mut last = None;
    if let Some((_, before)) = segments.range_mut(..start).next_back()
        && before.end > start
    {
        last = Some(*before);
        before.end = start;
    }
    for (&first, segment) in segments.range(start..end) {
        covered.push(first);
        last = Some(*segment);
    }
    if let Some(rest) = last.filter(|last| last.end > end) {
        segments.insert(end, rest);
    }
    for first in covered.drain(..).filter(|&first| first != start) {
        segments.remove(&first);
    }
    segments.insert(start, written);
}

/// The segment after one more read.
fn read(segment: &Segment, epoch: Epoch, reads: &mut Vec<Read>) -> Segment {
    // What comes after this one comes after the one before it on its lane.
    let last = reads.get(segment.read as usize).copied();
    let before = last.filter(|last| last.epoch.lane == epoch.lane).map_or(segment.read, |last| last.before);
    if last.is_none_or(|last| last.epoch != epoch) {
        reads.push(Read { epoch, before });
        return Segment { read: reads.len() as u32 - 1, ..*segment };
    }
    *segment
}

/// Makes `at` a border between segments.
fn cut(segments: &mut Map, at: u64) {
    if let Some((_, segment)) = segments.range_mut(..at).next_back()
        && segment.end > at
    {
        let rest = *segment;
        segment.end = at;
        segments.insert(at, rest);
    }
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
                for step in &steps {
                    let epoch = Epoch { lane: step.lane, position: count[step.lane as usize] };
                    count[step.lane as usize] += 1;
                    let has_seen = |earlier: Epoch| {
                        earlier.lane == step.lane || earlier.position < step.seen[earlier.lane as usize]
                    };
                    let (start, end) = step.range;
                    let touched = Touched { buffer: BufferId::at(step.buffer), start, end, writes: step.writes };
                    let all = &mut bytes[step.buffer][start as usize..end as usize];
                    let expected = all.iter().all(|(write, reads)| {
                        write.is_none_or(has_seen) && (!step.writes || reads.iter().copied().all(has_seen))
                    });
                    prop_assert_eq!(memory.comes_after(&touched, has_seen), expected, "{}: {:?}", round, step);
                    memory.note(&touched, epoch);
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
