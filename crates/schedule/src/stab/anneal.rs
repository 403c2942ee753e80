//! Simulated annealing of streams, order and manners, one stretch of the order after the other.
//!
//! A change shows within a few tasks of where it is made, so that only a stretch and what comes right behind it is passed
//! again for each. Sweeps over all stretches get colder; the best of all passes is kept.

use std::time::Instant;

use super::cost::SyncTasks;
use super::moves::Changes;
use super::pass::{Assignment, Pass};
use super::random::Random;
use crate::{Dag, Sync};

/// Tasks that may be changed at a time, and tasks passed again behind them.
const STRETCH: usize = 160;
const BEHIND: usize = 60;
/// What a change costs beside passing tasks, in visits.
const PER_CHANGE: u64 = 40;
const SWEEPS: u32 = 24;
/// In sync tasks; a change that costs one more is taken with probability 1/e at temperature 1.
const HOTTEST: f64 = 1.0;
const COLDEST: f64 = 0.1;
/// What a dependence between streams counts for, in sync tasks: it is what waits come from.
const CROSSING: f64 = 0.02;

/// An assignment with its waits.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) of: Assignment,
    pub(super) cost: SyncTasks,
    pub(super) syncs: Vec<Sync>,
}

/// How long to search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) visits: u64,
    pub(super) ends: Option<Instant>,
}

/// How long a visit takes while too few have been made to tell, in nanoseconds: a sweep that ends soon has taken more time to begin.
const VISIT: u64 = 10;
const ENOUGH_VISITS: u64 = 1 << 16;

pub(super) struct Annealer<'a> {
    pass: Pass<'a>,
    changes: Changes<'a>,
    random: Random,
    visits: u64,
}

impl<'a> Annealer<'a> {
    pub(super) fn new(dag: &'a Dag, streams: u32, pass: Pass<'a>, of: Assignment) -> Self {
        Self { pass, changes: Changes::new(dag, streams, of), random: Random::new(0x5eed), visits: 0 }
    }

    /// Looks for something better than `best` until so many tasks have been passed.
    pub(super) fn run(&mut self, best: &mut Placed, patience: Patience) {
        let started = Instant::now();
        let tasks = self.changes.of.order.len();
        for sweep in 0..SWEEPS {
            let part = f64::from(sweep) / f64::from(SWEEPS - 1);
            let temperature = HOTTEST * (COLDEST / HOTTEST).powf(part);
            let until = patience.visits / u64::from(SWEEPS) * u64::from(sweep + 1);
            let mut visits = until.saturating_sub(self.visits);
            if let Some(ends) = patience.ends {
                // Every temperature gets its part of the time, so that a search cut short still cools down.
                let left = ends.saturating_duration_since(Instant::now()) / (SWEEPS - sweep);
                let measured = started.elapsed().as_nanos() as u64 / self.visits.max(1);
                let each = if self.visits < ENOUGH_VISITS { VISIT } else { measured.max(VISIT) };
                visits = visits.min(left.as_nanos() as u64 / each);
            }
            let offset = if tasks > STRETCH { self.random.below(STRETCH) } else { 0 };
            if !self.sweep(temperature, visits, offset) {
                self.changes.reset(best.of.clone());
                continue;
            }
            let cost = self.pass.cost();
            if cost.total() < best.cost.total() {
                *best = Placed { of: self.changes.of.clone(), cost, syncs: self.pass.syncs().to_vec() };
            }
        }
    }

    /// Changes all stretches in turn; `false` where the pass did not get to the end in time.
    fn sweep(&mut self, temperature: f64, visits: u64, offset: usize) -> bool {
        let tasks = self.changes.of.order.len();
        self.pass.look_behind(&self.changes.of, tasks);
        self.pass.find_latest(&self.changes.of, 0..tasks);
        let empty = self.pass.empty();
        self.pass.rewind(&empty);
        let mut start = 0;
        let mut end = if offset > 0 { offset } else { STRETCH.min(tasks) };
        let stretches = (tasks - end).div_ceil(STRETCH) as u64 + 1;
        while start < tasks {
            if !self.stretch(start..end, temperature, visits / stretches) {
                return false;
            }
            start = end;
            end = (end + STRETCH).min(tasks);
        }
        true
    }

    /// Changes `range` for so many visits, and moves the pass to its end.
    fn stretch(&mut self, range: std::ops::Range<usize>, temperature: f64, visits: u64) -> bool {
        let tasks = self.changes.of.order.len();
        let until = (range.end + BEHIND).min(tasks);
        let mark = self.pass.mark();
        self.pass.look_behind(&self.changes.of, until);
        let Some(mut energy) = self.energy(&mark, range.start..until) else { return false };
        let per_pass = (until - range.start) as u64 + PER_CHANGE;
        for _ in 0..visits / per_pass {
            let syncs = &self.pass.syncs()[mark.syncs()..];
            let waiting = (!syncs.is_empty()).then(|| syncs[self.random.below(syncs.len())].after);
            if self.changes.change(&range, waiting, &mut self.random) {
                self.visits += per_pass;
                if let Some(changed) = self.energy(&mark, range.start..until)
                    && (changed <= energy || self.random.unit() < ((energy - changed) / temperature).exp())
                {
                    energy = changed;
                    self.changes.keep();
                    continue;
                }
            }
            self.changes.undo();
        }
        self.pass.find_latest(&self.changes.of, range.start..until);
        self.pass.rewind(&mark);
        self.pass.run(&self.changes.of, range)
    }

    /// What the range costs after `mark`; `None` where it ends too late.
    fn energy(&mut self, mark: &super::pass::Mark, range: std::ops::Range<usize>) -> Option<f64> {
        let is_last = range.end == self.changes.of.order.len();
        self.pass.find_latest(&self.changes.of, range.clone());
        self.pass.rewind(mark);
        self.pass.run(&self.changes.of, range).then(|| {
            let cost = if is_last { self.pass.cost().total() } else { self.pass.running_cost() };
            f64::from(cost) + CROSSING * f64::from(self.changes.crossing)
        })
    }
}
