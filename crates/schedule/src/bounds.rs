//! How short a schedule can be: proofs from below.
//!
//! Each bound is an argument of its own and says of which kind it is, so that "optimal" comes with a reason.
//!
//! **Invariant:** no bound exceeds the makespan of any schedule on the given streams; where an argument is not sure, it is left out.

use std::fmt;

mod engine;
mod head_tail;

use crate::list::{Streams, tails};
use crate::refute::{Refuter, grid, round_up};
use crate::{Dag, Reversed};

/// Graphs with more tasks are not searched for proofs: one pass over the windows takes longer than it is worth.
pub(crate) const LARGE: usize = 50_000;

/// The argument of a lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoundKind {
    /// Tasks that depend on each other, one after the other.
    CriticalPath,
    /// All work, shared evenly by the streams.
    Work,
    /// Work that cannot start before some time and must be followed by some time, shared by the streams.
    HeadTail,
    /// Copies of one direction, one after the other.
    CopyEngine,
    /// The latency between streams, which only one of the tasks after a task escapes, and one of those before it.
    Latency,
    /// Every schedule was considered.
    Exhaustion,
    /// Parts between cuts, each with a bound of its own.
    Segments,
}

impl fmt::Display for BoundKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CriticalPath => "critical path",
            Self::Work => "work",
            Self::HeadTail => "head and tail",
            Self::CopyEngine => "copy engine",
            Self::Latency => "latency",
            Self::Exhaustion => "exhaustion",
            Self::Segments => "segments",
        })
    }
}

/// A proved lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    /// In nanoseconds.
    pub value: u64,
    /// Why.
    pub kind: BoundKind,
}

/// The bounds of `dag` on `streams` that take next to no time: critical path, work and copy engines.
pub fn quick_bounds(dag: &Dag, streams: Streams) -> Vec<Bound> {
    Quick::of(dag).on(streams.count)
}

/// What quick bounds are made of, whatever the number of streams.
pub(crate) struct Quick {
    path: u64,
    work: u64,
    copies: u64,
    grid: u64,
}

impl Quick {
    pub(crate) fn of(dag: &Dag) -> Self {
        let path = tails(dag, 0).into_iter().max().unwrap_or(0);
        let (work, copies) = (dag.costs().iter().sum(), engine::bound(dag));
        // These hold without latency, where times are multiples of what durations share, and latency makes nothing shorter.
        Self { path, work, copies, grid: grid(dag, 0) }
    }

    /// The bounds on so many streams.
    pub(crate) fn on(&self, streams: u32) -> Vec<Bound> {
        let work = self.work.div_ceil(u64::from(streams.max(1)));
        let bounds = [
            Bound { value: self.path, kind: BoundKind::CriticalPath },
            Bound { value: work, kind: BoundKind::Work },
            Bound { value: self.copies, kind: BoundKind::CopyEngine },
        ];
        bounds.map(|bound| rounded(bound, self.grid)).to_vec()
    }
}

/// The best bound of `dag` on `streams` without a search, never above `above`, which some schedule reaches.
pub(crate) fn bound(dag: &Dag, reversed: &Reversed, streams: Streams, above: u64) -> Bound {
    let mut bounds = quick_bounds(dag, streams);
    for latency in [0, streams.latency] {
        let value = head_tail::bound(dag, reversed, Streams { latency, ..streams });
        bounds.push(rounded(Bound { value, kind: BoundKind::HeadTail }, grid(dag, latency)));
    }
    let best = best(&bounds);
    let all_loose = tails(dag, streams.latency).into_iter().max().unwrap_or(0);
    if best.value >= above.min(all_loose) || streams.count < 2 || dag.len() > LARGE {
        return best;
    }
    let latency = Refuter::new(dag, streams).propagated(best.value, above);
    if latency > best.value { Bound { value: latency, kind: BoundKind::Latency } } else { best }
}

/// The largest; of equal ones the simplest.
pub(crate) fn best(bounds: &[Bound]) -> Bound {
    let none = Bound { value: 0, kind: BoundKind::CriticalPath };
    bounds.iter().copied().fold(none, |best, bound| if bound.value > best.value { bound } else { best })
}

/// Makespans are multiples of the grid, so that bounds may be rounded up to it.
fn rounded(bound: Bound, grid: u64) -> Bound {
    Bound { value: round_up(bound.value, grid), ..bound }
}
