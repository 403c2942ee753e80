//! Refutes deadlines by latency: how long a graph takes at least on any number of streams.
//!
//! A dependence is *tight* where the task starts before its event could arrive, so that both are on one stream. Of the tasks
//! that follow one task, at most one is tight, and of those that precede one, at most one, because tasks on a stream follow each
//! other (favourite children, as in scheduling with small communication times). Given a deadline, windows and tightness are
//! propagated until nothing changes; where that leaves a choice, both answers are tried. A deadline that fails in every case
//! is proved too short.
//!
//! **Invariant:** windows are only ever narrowed by what every schedule within the deadline satisfies.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "times are differences of nanoseconds, far from the ends of either type"
)]

mod propagate;
mod search;
mod shave;

use crate::Dag;
use crate::list::Streams;
use propagate::Windows;

/// What is known of a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No schedule meets it.
    Refuted,
    /// These arguments cannot refute it: they would take this long, in nanoseconds.
    Possible(u64),
    /// The search gave up.
    Unknown,
}

/// Refutes deadlines of one graph.
#[derive(Debug)]
pub(crate) struct Refuter {
    windows: Windows,
    latency: u64,
    /// All times are multiples of this.
    grid: u64,
}

impl Refuter {
    pub(crate) fn new(dag: &Dag, streams: Streams) -> Self {
        Self {
            windows: Windows::new(dag, streams),
            latency: streams.latency,
            grid: grid(dag, streams.latency),
        }
    }

    /// The shortest deadline that propagation alone does not refute; at most `above`, at least `below`.
    pub(crate) fn propagated(&mut self, below: u64, above: u64) -> u64 {
        let (mut low, mut high) = (round_up(below, self.grid), above);
        while low < high {
            let middle = low + (high - low) / 2 / self.grid * self.grid;
            if self.windows.start(middle, self.grid) {
                high = middle;
            } else {
                low = middle + self.grid;
            }
        }
        low.min(above)
    }

    /// The latest start of each task under `deadline`; `None` where it is refuted.
    pub(crate) fn latest_starts(&mut self, deadline: u64) -> Option<Vec<u64>> {
        let open = self.windows.start(deadline, self.grid);
        open.then(|| self.windows.latest.iter().map(|&time| time as u64).collect())
    }

    /// The longest proved lower bound in `below..=above`, in about as many `steps`.
    pub(crate) fn search(&mut self, below: u64, above: u64, steps: u64) -> u64 {
        let most = self.windows.steps + steps;
        let mut deadline = above.saturating_sub(self.grid);
        if below > deadline {
            return above;
        }
        if !(self.windows.start(deadline, self.grid)
            && shave::shave(&mut self.windows, self.latency, self.grid, most - steps / 2))
        {
            return above;
        }
        self.windows.keep(deadline);
        let mut low = self.propagated(below, above);
        let mut high = above;
        while low < high {
            let open = self.windows.start(deadline, self.grid);
            let until = self.windows.steps + steps / 8;
            let verdict = if open {
                search::decide(&mut self.windows, u64::MAX, until, search::Focus::Everywhere)
            } else {
                Verdict::Refuted
            };
            match verdict {
                Verdict::Refuted => low = (deadline + self.grid).min(above),
                Verdict::Possible(makespan) => high = makespan.clamp(low, deadline),
                Verdict::Unknown => high = deadline,
            }
            deadline = low + (high.saturating_sub(low)) / 2 / self.grid * self.grid;
        }
        low
    }
}

/// The greatest common divisor of all durations and the latency: the times of a schedule without needless waits are multiples.
pub(crate) fn grid(dag: &Dag, latency: u64) -> u64 {
    dag.costs().iter().fold(latency, |divisor, &cost| gcd(divisor, cost)).max(1)
}

pub(crate) fn round_up(time: u64, grid: u64) -> u64 {
    time.div_ceil(grid) * grid
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
