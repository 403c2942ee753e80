//! Simulated annealing of streams, order and manners, one stretch of the order after the other.
//!
//! A change shows within a few tasks of where it is made, so that only a stretch and what comes right behind it is passed
//! again for each. Sweeps over all stretches get colder; the best of all passes is kept.

use std::ops::Range;
use std::time::Instant;

use super::cost::SyncTasks;
use super::moves::Changes;
use super::pass::{Assignment, Mark, Pass};
use super::random::Random;
use crate::{Dag, Sync};

/// Tasks that may be changed at a time, and tasks passed again behind them.
const STRETCH: usize = 160;
const BEHIND: usize = 60;
/// What a change costs beside passing tasks, in visits.
const PER_CHANGE: u64 = 40;
const SWEEPS: u32 = 24;
/// What is cold already begins with this sweep again.
const WARM: u32 = 9;
/// Sweeps from stop to stop.
const STEP: usize = 2;
/// What it takes to begin again with what is cold, in sweeps.
const LAST: u32 = 3;
/// What all turns take.
pub(super) const PARTS: u32 = SWEEPS + LAST;
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

impl Placed {
    /// `of` as `pass` has just placed it.
    pub(super) fn of(pass: &Pass<'_>, of: &Assignment) -> Self {
        Self { of: of.clone(), cost: pass.cost(), syncs: pass.syncs().to_vec() }
    }
}

/// How long to search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) visits: u64,
    pub(super) ends: Option<Instant>,
}

/// Sweeps from the hottest to the coldest, with stops where it is cold: what is too heavy at once shows in cold plans. Then some for what was changed
/// at the last stop. Each with the parts of the time that they take.
pub(super) fn turns() -> impl Iterator<Item = (Range<u32>, u32)> {
    let cold = (SWEEPS / 2..SWEEPS).step_by(STEP).map(|sweep| (sweep..sweep + STEP as u32, STEP as u32));
    [(0..SWEEPS / 2, SWEEPS / 2)].into_iter().chain(cold).chain([(WARM..SWEEPS, LAST)])
}

/// How long a visit takes while too few have been made to tell, in nanoseconds: a sweep that ends soon has taken more time to begin.
const VISIT: u64 = 10;
const ENOUGH_VISITS: u64 = 1 << 16;

pub(super) struct Annealer<'a> {
    pass: Pass<'a>,
    changes: Changes<'a>,
    random: Random,
    visits: u64,
    started: Instant,
}

impl<'a> Annealer<'a> {
    pub(super) fn new(dag: &'a Dag, streams: u32, pass: Pass<'a>, of: Assignment) -> Self {
        Self {
            pass,
            changes: Changes::new(dag, streams, of),
            random: Random::new(0x5eed),
            visits: 0,
            started: Instant::now(),
        }
    }

    /// Looks for something better than `best` in these sweeps, until so many tasks have been passed.
    pub(super) fn run(&mut self, best: &mut Placed, sweeps: Range<u32>, patience: Patience) {
        let (tasks, visited) = (self.changes.of.order.len(), self.visits);
        for sweep in sweeps.clone() {
            let part = f64::from(sweep) / f64::from(SWEEPS - 1);
            let temperature = HOTTEST * (COLDEST / HOTTEST).powf(part);
            let until = patience.visits * u64::from(sweep + 1 - sweeps.start) / sweeps.len() as u64;
            let mut visits = (visited + until).saturating_sub(self.visits);
            if let Some(ends) = patience.ends {
                // Every temperature gets its part of the time, so that a search cut short still cools down.
                let left = ends.saturating_duration_since(Instant::now()) / (sweeps.end - sweep);
                let measured = self.started.elapsed().as_nanos() as u64 / self.visits.max(1);
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
                *best = Placed::of(&self.pass, &self.changes.of);
            }
        }
    }

    /// Changes all stretches in turn; `false` where the pass did not get to the end in time.
    fn sweep(&mut self, temperature: f64, visits: u64, offset: usize) -> bool {
        let tasks = self.changes.of.order.len();
        self.pass.look_behind(&self.changes.of, tasks);
        self.pass.find_latest(&self.changes.of, 0..tasks, tasks);
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
    fn stretch(&mut self, range: Range<usize>, temperature: f64, visits: u64) -> bool {
        let tasks = self.changes.of.order.len();
        let until = (range.end + BEHIND).min(tasks);
        let mark = self.pass.mark();
        self.pass.look_behind(&self.changes.of, until);
        let around = range.start..until;
        let Some(mut energy) = self.energy(&mark, around.clone(), until, f64::INFINITY) else { return false };
        // Up to where a change that was taken back has left latest starts of its own.
        let mut stale = range.start;
        let per_pass = (until - range.start) as u64 + PER_CHANGE;
        for _ in 0..visits / per_pass {
            let syncs = &self.pass.syncs()[mark.syncs()..];
            let waiting = (!syncs.is_empty()).then(|| syncs[self.random.below(syncs.len())].after);
            if self.changes.change(&range, waiting, &mut self.random) {
                self.visits += per_pass;
                let end = self.changes.end().max(range.start);
                // How much more it may cost is drawn first, so that what costs more is seen early.
                let most = energy - temperature * self.random.unit().ln();
                let changed = self.energy(&mark, around.clone(), end.max(stale), most);
                stale = end;
                if let Some(changed) = changed {
                    energy = changed;
                    stale = range.start;
                    self.changes.keep();
                    continue;
                }
            }
            self.changes.undo();
        }
        self.pass.find_latest(&self.changes.of, around, until);
        self.pass.rewind(&mark);
        self.pass.run(&self.changes.of, range, f64::INFINITY)
    }

    /// What the range costs after `mark`, where latest starts are known from `end` on; `None` where it ends too late or costs more than `most`.
    fn energy(&mut self, mark: &Mark, range: Range<usize>, end: usize, most: f64) -> Option<f64> {
        let is_last = range.end == self.changes.of.order.len();
        let crossing = CROSSING * f64::from(self.changes.crossing);
        self.pass.find_latest(&self.changes.of, range.clone(), end);
        self.pass.rewind(mark);
        if !self.pass.run(&self.changes.of, range, most - crossing) {
            return None;
        }
        let cost = if is_last { self.pass.cost().total() } else { self.pass.running_cost() };
        Some(f64::from(cost) + crossing).filter(|&energy| energy <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_take_all_parts_and_all_sweeps() {
        let parts: u32 = turns().map(|(_, parts)| parts).sum();
        let sweeps: Vec<u32> = turns().flat_map(|(sweeps, _)| sweeps).collect();
        let slowly: Vec<u32> = (0..SWEEPS).collect();
        assert!(parts == PARTS && sweeps.starts_with(&slowly) && sweeps.ends_with(&slowly[WARM as usize..]));
    }
}
