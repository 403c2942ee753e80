//! Looks for a way around a dependence from both of its ends.
//!
//! Of the two ends the one with fewer open tasks goes on, so that a search is over as soon as nothing between the two leads on from the source
//! or nothing leads to the target.

use super::Open;
use super::levels::Levels;
use crate::Dag;

/// Searches of a sample, and the steps of one of them.
const SAMPLED: usize = 128;
const SEARCHED_OF_SAMPLE: u64 = 4096;
/// What an open task counts for, in steps, where a side is chosen to go on.
const STEPS_OF_OPEN: u64 = 8;

pub(super) struct Search<'a> {
    dag: &'a Dag,
    levels: Levels,
    searches: u32,
    /// Tasks to go on from: those that the source leads to, and those that lead to the target.
    open: [Vec<u32>; 2],
    /// How many dependences were looked at.
    pub(super) steps: u64,
}

const FORWARD: usize = 0;
const BACKWARD: usize = 1;

impl<'a> Search<'a> {
    pub(super) fn new(dag: &'a Dag, levels: Levels) -> Self {
        Self { dag, levels, searches: 0, open: [Vec::new(), Vec::new()], steps: 0 }
    }

    pub(super) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Says of a dependence whether others imply it; `false` where so many steps do not tell.
    pub(super) fn decides(&mut self, open: Open, most_steps: u64, redundant: &mut [bool]) -> bool {
        let leads_around = self.leads_around(open, most_steps);
        redundant[open.edge as usize] |= leads_around == Some(true);
        leads_around.is_some()
    }

    /// Whether searching for all of `open` takes more than so many steps, by a sample.
    pub(super) fn takes_more_than(&mut self, steps: u64, open: &[Open]) -> bool {
        let before = self.steps;
        let every = open.len().div_ceil(SAMPLED).max(1);
        open.iter().step_by(every).any(|open| {
            self.leads_around(*open, SEARCHED_OF_SAMPLE);
            (self.steps - before).saturating_mul(every as u64) > steps
        })
    }

    /// Whether others imply a dependence, if that can be told in so many steps; they are spent if not.
    fn leads_around(&mut self, open: Open, most_steps: u64) -> Option<bool> {
        let last = self.steps.saturating_add(most_steps);
        let leads_around = self.search(open.source, self.dag.target(open.edge), last);
        if leads_around.is_none() {
            self.steps = last;
        }
        leads_around
    }

    /// Whether `from` leads to `to` by others than its own dependence, if steps do not pass `last`.
    fn search(&mut self, from: u32, to: u32, last: u64) -> Option<bool> {
        self.searches += 1;
        self.open.iter_mut().for_each(Vec::clear);
        if self.step(from, [from, to], FORWARD, last)? || self.step(to, [from, to], BACKWARD, last)? {
            return Some(true);
        }
        let mut spent = [0; 2];
        while self.open.iter().all(|open| !open.is_empty()) {
            let [forward, backward] =
                [FORWARD, BACKWARD].map(|side| spent[side] + STEPS_OF_OPEN * self.open[side].len() as u64);
            let side = if backward < forward { BACKWARD } else { FORWARD };
            let before = self.steps;
            if let Some(at) = self.open[side].pop()
                && self.step(at, [from, to], side, last)?
            {
                return Some(true);
            }
            spent[side] += self.steps - before;
        }
        Some(false)
    }

    /// Opens the tasks next to `at` on one side; whether one of them was met from the other side, if steps do not run out.
    fn step(&mut self, at: u32, [from, to]: [u32; 2], side: usize, last: u64) -> Option<bool> {
        let next = if side == FORWARD { self.dag.successors(at) } else { self.dag.predecessors(at) };
        self.steps += next.len() as u64;
        if self.steps > last {
            return None;
        }
        for &next in next {
            if next <= from || next >= to {
                continue;
            }
            let seen = self.levels.seen(next);
            if seen[1 - side] == self.searches {
                return Some(true);
            }
            if seen[side] != self.searches {
                seen[side] = self.searches;
                let [before, behind] = if side == FORWARD { [next, to] } else { [from, next] };
                if self.levels.may_lead(before, behind, 1) {
                    self.open[side].push(next);
                }
            }
        }
        Some(false)
    }
}
