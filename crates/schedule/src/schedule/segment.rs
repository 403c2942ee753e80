//! Schedules one segment: list rules, then search for something shorter and for a proof that there is nothing shorter.

use crate::Dag;
use crate::bounds::{Bound, BoundKind, LARGE, best, bound, quick_bounds};
use crate::exact;
use crate::improve::{Improver, WORKERS, first};
use crate::list::{Placement, Reversed, Streams, tails};
use crate::refute::{Refuter, grid};

/// A segment's schedule.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub(super) placement: Placement,
    pub(super) bound: Bound,
}

/// The schedule of one segment, made better step by step.
#[derive(Debug)]
pub(super) struct Search<'a> {
    dag: &'a Dag,
    reversed: &'a Reversed,
    streams: Streams,
    solved: Solved,
    improver: Option<Improver<'a>>,
}

impl<'a> Search<'a> {
    /// Every list rule once, forwards and backwards.
    pub(super) fn new(dag: &'a Dag, reversed: &'a Reversed, streams: Streams) -> Self {
        let solved =
            Solved { placement: first(dag, reversed, streams), bound: best(&quick_bounds(dag, streams)) };
        Self { dag, reversed, streams, solved, improver: None }
    }

    pub(super) fn is_over(&self) -> bool {
        self.solved.placement.makespan <= self.solved.bound.value
    }

    pub(super) fn into_solved(self) -> Solved {
        self.solved
    }

    /// The bounds that need no search.
    pub(super) fn bound(&mut self) {
        let bound = bound(self.dag, self.reversed, self.streams, self.solved.placement.makespan);
        self.solved.bound = best(&[self.solved.bound, bound]);
    }

    /// Places `tries` times more.
    pub(super) fn improve(&mut self, tries: u64) {
        if tries == 0 {
            return;
        }
        let placement = &self.solved.placement;
        let start = || Improver::new(self.dag, self.reversed, self.streams, placement.clone(), WORKERS);
        let improver = self.improver.get_or_insert_with(start);
        improver.adopt(placement);
        if improver.round(tries, self.solved.bound.value) {
            self.solved.placement.clone_from(improver.best());
        }
    }

    /// Looks for proofs, first by latency, then by considering every schedule.
    pub(super) fn prove(&mut self, patience: u64) {
        if self.dag.len() > LARGE {
            return;
        }
        let Self { dag, streams, solved, .. } = self;
        let makespan = solved.placement.makespan;
        // With every dependence loose a graph takes no longer on any number of streams, so that latency says nothing more.
        if tails(dag, streams.latency).into_iter().max() > Some(solved.bound.value) {
            let value =
                Refuter::new(dag, *streams).search(solved.bound.value, makespan, 1_000_000 * patience);
            if value > solved.bound.value {
                solved.bound = Bound { value, kind: BoundKind::Latency };
            }
            if value >= makespan {
                return;
            }
        }
        let nodes = 1_000_000 * patience / dag.len().max(1) as u64;
        let Some(outcome) = exact::search(dag, *streams, makespan, grid(dag, streams.latency), nodes) else {
            return;
        };
        if let Some(better) = outcome.better {
            solved.placement = better;
        }
        if outcome.exhausted {
            solved.bound = Bound { value: solved.placement.makespan, kind: BoundKind::Exhaustion };
        }
    }
}
