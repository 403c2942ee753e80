//! Looks for a way around each dependence from both of its ends.
//!
//! Only a dependence that skips a level of the graph can have one. Of the two ends the one with fewer open tasks goes on, so that a search is
//! over as soon as nothing leads on from the source or nothing leads to the target.

use crate::Dag;

pub(super) struct Search<'a> {
    dag: &'a Dag,
    /// The lengths of the longest ways to each task and from it.
    depths: Vec<[u32; 2]>,
    /// The search in which each task was last seen, from the source and from the target.
    seen: Vec<[u32; 2]>,
    searches: u32,
    /// Tasks to go on from: those that the source leads to, and those that lead to the target.
    open: [Vec<u32>; 2],
    /// How many dependences were looked at.
    pub(super) steps: u64,
}

const FORWARD: usize = 0;
const BACKWARD: usize = 1;

impl<'a> Search<'a> {
    pub(super) fn new(dag: &'a Dag) -> Self {
        let tasks = dag.len();
        let mut depths = vec![[0u32; 2]; tasks];
        for task in 0..tasks as u32 {
            let before = dag.predecessors(task).iter().map(|&before| depths[before as usize][0] + 1);
            depths[task as usize][0] = before.max().unwrap_or(0);
        }
        for task in (0..tasks as u32).rev() {
            let behind = dag.successors(task).iter().map(|&behind| depths[behind as usize][1] + 1);
            depths[task as usize][1] = behind.max().unwrap_or(0);
        }
        let seen = vec![[0; 2]; tasks];
        Self { dag, depths, seen, searches: 0, open: [Vec::new(), Vec::new()], steps: 0 }
    }

    /// Says of each dependence of `task` whether others imply it.
    pub(super) fn decide(&mut self, task: u32, redundant: &mut [bool]) {
        let successors = self.dag.successors(task);
        if successors.len() < 2 {
            return;
        }
        for (&to, redundant) in successors.iter().zip(redundant) {
            *redundant = self.may_be_between(task, to, 2) && self.leads_around(task, to);
        }
    }

    /// Whether a way of so many steps fits between two tasks, as far as depths tell.
    fn may_be_between(&self, from: u32, to: u32, steps: u32) -> bool {
        let ([to_from, from_from], [to_to, from_to]) = (self.depths[from as usize], self.depths[to as usize]);
        to_from + steps <= to_to && from_to + steps <= from_from
    }

    /// Whether `from` leads to `to` by others than its own dependence: both ends are followed, that with fewer open tasks first.
    fn leads_around(&mut self, from: u32, to: u32) -> bool {
        self.searches += 1;
        self.open.iter_mut().for_each(Vec::clear);
        if self.step(from, [from, to], FORWARD) || self.step(to, [from, to], BACKWARD) {
            return true;
        }
        loop {
            let side = usize::from(self.open[BACKWARD].len() < self.open[FORWARD].len());
            let Some(at) = self.open[side].pop() else { return false };
            if self.step(at, [from, to], side) {
                return true;
            }
        }
    }

    /// Opens the tasks next to `at` on one side; whether one of them was met from the other side.
    fn step(&mut self, at: u32, [from, to]: [u32; 2], side: usize) -> bool {
        let next = if side == FORWARD { self.dag.successors(at) } else { self.dag.predecessors(at) };
        for &next in next {
            self.steps += 1;
            if next == from || next == to {
                continue;
            }
            let seen = &mut self.seen[next as usize];
            if seen[1 - side] == self.searches {
                return true;
            }
            if seen[side] != self.searches {
                seen[side] = self.searches;
                let is_between = if side == FORWARD {
                    self.may_be_between(next, to, 1)
                } else {
                    self.may_be_between(from, next, 1)
                };
                if is_between {
                    self.open[side].push(next);
                }
            }
        }
        false
    }
}
