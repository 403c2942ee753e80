//! Schedules one segment: list rules, then search for something shorter and for a proof that there is nothing shorter.

use std::time::Instant;

use crate::bounds::{Bound, BoundKind, best, bound, quick_bounds};
use crate::improve::{Improver, first};
use crate::list::{Placement, Reversed, Rule, Streams, place, tails};
use crate::refute::Refuter;
use crate::Dag;

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// One list rule.
    One,
    /// Every list rule once.
    Lists,
    /// `tries` placements, and proofs.
    Search { tries: u64, thorough: bool },
}

/// A segment's schedule.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub(super) placement: Placement,
    pub(super) bound: Bound,
}

/// The rounds between which workers meet.
const ROUNDS: u64 = 20;

pub(super) fn solve(dag: &Dag, streams: Streams, effort: Effort, ends: Option<Instant>) -> Solved {
    if matches!(effort, Effort::One) {
        let placement = place(dag, streams, Rule::ByTime, &tails(dag, streams.latency));
        return Solved { placement, bound: best(&quick_bounds(dag, streams)) };
    }
    let reversed = Reversed::new(dag);
    let placement = first(dag, &reversed, streams);
    let solved = Solved { placement, bound: best(&quick_bounds(dag, streams)) };
    match effort {
        Effort::Search { tries, thorough } => search(dag, &reversed, streams, solved, (tries, thorough), ends),
        _ => solved,
    }
}

fn search(
    dag: &Dag,
    reversed: &Reversed,
    streams: Streams,
    mut solved: Solved,
    (tries, thorough): (u64, bool),
    ends: Option<Instant>,
) -> Solved {
    let is_over = |solved: &Solved| solved.placement.makespan <= solved.bound.value || ends.is_some_and(|end| Instant::now() >= end);
    if is_over(&solved) {
        return solved;
    }
    solved.bound = bound(dag, reversed, streams, solved.placement.makespan);
    if is_over(&solved) {
        return solved;
    }
    let mut improver = Improver::new(dag, reversed, streams, solved.placement.clone());
    for round in 0..ROUNDS {
        if improver.round(tries.div_ceil(ROUNDS * 4), solved.bound.value) {
            solved.placement.clone_from(improver.best());
        }
        if is_over(&solved) {
            return solved;
        }
        if round % 10 == 9 {
            let nodes = if thorough { 20_000 } else { 1_000 };
            let value = Refuter::new(dag, streams).search(solved.bound.value, solved.placement.makespan, nodes);
            if value > solved.bound.value {
                solved.bound = Bound { value, kind: BoundKind::Latency };
            }
            if is_over(&solved) {
                return solved;
            }
        }
    }
    solved
}
