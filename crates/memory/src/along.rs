//! Places any number of buffers in the order of first use, each into the smallest gap that holds it, in time that grows with their
//! number, streams and the logarithm of the gaps.
//!
//! What precedes all that come is a gap for everybody. What is over for some streams and not for others is looked for where no gap fits as it
//! is: every stream has a list of places that were over when it looked last, of buffers that it was the last to be done with. To list what others
//! were done with too would take as many times longer as there are streams and does not place better.

use std::collections::BTreeSet;

use crate::Lifetimes;
use crate::accesses::{Accesses, Endings, RUN};
use crate::clocks::Row;
use crate::in_order::by_key;
use crate::scaled::Scaled;
use crate::segments::{NOBODY, Run, Segments};
use crate::settled::settled;

/// Segments looked at to either side of a place where a buffer may go.
const REACH: usize = 16;
/// The same where a place is only listed.
const NEAR: usize = 2;
/// Gaps and places looked at for one that holds a buffer.
const MOST_TRIED: usize = 16;
/// Places that a stream keeps in mind, the largest.
const MOST_PLACES: usize = 4096;

/// The offset of each buffer in `by_use`; they all have sizes.
pub(crate) fn along(instance: &Scaled<'_>, by_use: &[u32]) -> Vec<u64> {
    let lifetimes = instance.lifetimes;
    let endings = lifetimes.endings();
    let settled = settled(lifetimes, &endings, by_use);
    let (from, by_end) = by_key(settled.len(), by_use.len() + 1, |buffer| settled[buffer] as usize);
    drop(settled);
    let ended = |from_turn: usize, to_turn: usize| &by_end[from[from_turn] as usize..from[to_turn] as usize];
    let mut segments = Segments::new(lifetimes.len());
    let mut views = Views::of(lifetimes, &endings);
    let mut offsets = Vec::with_capacity(by_use.len());
    for (turn, &buffer) in by_use.iter().enumerate() {
        if turn % RUN == 0 {
            let end = by_use.len().min(turn + RUN);
            instance.fetch(&by_use[turn..end]);
            segments.fetch(&by_use[turn..end]);
            segments.fetch(ended(turn, end));
        }
        for &over in ended(turn, turn + 1) {
            segments.settle(over);
        }
        let size = instance.sizes[buffer as usize];
        let alignment = instance.alignments.get(buffer as usize).copied().unwrap_or(1);
        let wanted = Wanted { buffer, size, alignment };
        let mut best = wanted.smallest(segments.gaps_from(size));
        if let Some(views) = views.as_mut().filter(|_| best.is_none_or(|gap| gap.room() > size)) {
            best = best.into_iter().chain(views.smallest(&segments, wanted)).min_by_key(|run| run.room());
        }
        let free = |user: u32| lifetimes.precedes(user as usize, buffer as usize);
        let run = best.unwrap_or_else(|| segments.at_top(REACH, free));
        let start = run.start.next_multiple_of(alignment);
        segments.occupy(run, start, start + size, buffer);
        offsets.push(start);
    }
    offsets
}

/// A buffer to be placed.
#[derive(Clone, Copy)]
struct Wanted {
    buffer: u32,
    size: u64,
    alignment: u64,
}

impl Wanted {
    fn fits(self, run: Run) -> bool {
        run.start.next_multiple_of(self.alignment) + self.size <= run.end
    }

    /// The first of `runs`, which ascend by size, that holds it.
    fn smallest(self, runs: impl Iterator<Item = Run>) -> Option<Run> {
        runs.take(MOST_TRIED).find(|&run| self.fits(run))
    }
}

/// What streams can use that is not free for all.
struct Views<'a> {
    accesses: &'a Accesses,
    endings: &'a Endings,
    /// Of each stream, how many of its tasks were over when it looked last.
    looked: Vec<u32>,
    /// Of each stream, places that were free then, by size and address.
    places: Vec<BTreeSet<(u64, u64, u32)>>,
}

impl<'a> Views<'a> {
    /// `None` where everything that is over for one is over for all that come.
    fn of(lifetimes: &'a Lifetimes, endings: &'a Endings) -> Option<Self> {
        let Lifetimes::Accesses(accesses) = lifetimes else { return None };
        let streams = accesses.clocks.streams;
        let new =
            Self { accesses, endings, looked: vec![0; streams], places: vec![BTreeSet::new(); streams] };
        (streams > 1).then_some(new)
    }

    /// The smallest known place for a buffer among what precedes it.
    fn smallest(&mut self, segments: &Segments, wanted: Wanted) -> Option<Run> {
        let stream = self.accesses.first_stream(wanted.buffer as usize)?;
        let over = self.accesses.over(wanted.buffer as usize);
        self.look(segments, stream, over);
        let free = |user: u32| self.accesses.is_within(user as usize, over);
        let places = &mut self.places[stream];
        for _ in 0..MOST_TRIED {
            let known = *places.range((wanted.size, 0, 0)..).next()?;
            let (room, start, first) = known;
            // What was listed may have been used again since, or have grown.
            let is_free = segments.user_at(first, start).is_some_and(|user| user == NOBODY || free(user));
            let run = is_free.then(|| segments.around(first, REACH, free));
            if let Some(run) = run.filter(|run| run.room() == room && wanted.fits(*run)) {
                return Some(run);
            }
            places.remove(&known);
            if let Some(run) = run.filter(|run| run.room() != room) {
                places.insert((run.room(), run.start, run.first));
            }
        }
        None
    }

    /// Lists what has come to be over on a stream since it looked last.
    fn look(&mut self, segments: &Segments, stream: usize, over: Row<'_>) {
        let free = |user: u32| self.accesses.is_within(user as usize, over);
        let places = &mut self.places[stream];
        let looked = self.looked[stream];
        let now = over.at(stream).max(looked);
        self.looked[stream] = now;
        let ended = self.endings.between(self.accesses, stream, looked, now).iter();
        for ending in ended.filter(|ending| ending.may_be_within(over)) {
            for segment in segments.used_by(ending.buffer).filter(|_| free(ending.buffer)) {
                let run = segments.around(segment, NEAR, free);
                places.insert((run.room(), run.start, run.first));
            }
        }
        while places.len() > MOST_PLACES {
            places.pop_first();
        }
    }
}
