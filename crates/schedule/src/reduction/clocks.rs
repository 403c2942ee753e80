//! Decides by clocks, where few tasks stand side by side.
//!
//! Sources of open dependences are put on chains: a source goes on with a chain that it comes after the last of, whatever is between them, so
//! that there are about as many chains as sources stand side by side. A task's clock says of each chain how many of its sources come no later
//! than that task.

use super::{Open, mark};
use crate::Dag;

/// Chains beyond which clocks cost more than they tell.
const MOST_CHAINS: usize = 192;
/// Numbers that clocks may hold for each task of the graph, and at least.
const NUMBERS_PER_TASK: usize = 32;
const NUMBERS_AT_LEAST: usize = 1 << 16;
/// Of a task that is on no chain, and of one that comes after no source.
const NONE: u32 = u32::MAX;

/// Takes from `open`, ascending by source, what is decided, and marks what others imply: nothing more once too many chains or too large clocks
/// would be needed.
pub(super) fn decide_by_clocks(dag: &Dag, open: &mut Vec<Open>, redundant: &mut [bool]) {
    let undecided = mark_until(dag, open, redundant);
    open.retain(|open| dag.target(open.edge) >= undecided);
}

/// Marks which of `open` others imply among those that lead to tasks before the one that is returned.
fn mark_until(dag: &Dag, open: &[Open], redundant: &mut [bool]) -> u32 {
    let mut clocks = Clocks::new(dag.len());
    let mut sources = open.iter().map(|open| open.source).peekable();
    let end = open.iter().map(|open| dag.target(open.edge) + 1).max().unwrap_or(0);
    for task in 0..end {
        let mut is_source = false;
        while sources.next_if_eq(&task).is_some() {
            is_source = true;
        }
        let (before, asked) = (dag.predecessors(task), dag.successors(task).len() as u32);
        if let (&[only], false) = (before, is_source) {
            clocks.share(only, asked);
            continue;
        }
        // A task leads to later ones only.
        clocks.next.fill(0);
        for &before in before.iter().rev() {
            if clocks.knows(before) {
                mark(dag, before, task, redundant);
            } else {
                clocks.join(before);
            }
        }
        for &before in before {
            clocks.release(before);
        }
        if clocks.put(is_source, asked).is_none() {
            return task;
        }
    }
    end
}

struct Clocks {
    /// Of each task, its chain and its place there.
    at: Vec<(u32, u32)>,
    /// Of each task, the row that has its clock.
    row_of: Vec<u32>,
    /// Of each row, how many dependences still ask for it.
    asked: Vec<u32>,
    /// Clocks, each as wide as there may be chains before it has to grow.
    rows: Vec<u32>,
    width: usize,
    most_numbers: usize,
    spare: Vec<u32>,
    /// How many sources each chain has.
    lengths: Vec<u32>,
    /// The clock of the task that is looked at.
    next: Vec<u32>,
}

impl Clocks {
    fn new(tasks: usize) -> Self {
        let width = 8;
        Self {
            at: Vec::with_capacity(tasks),
            row_of: Vec::with_capacity(tasks),
            asked: Vec::new(),
            rows: Vec::new(),
            width,
            most_numbers: NUMBERS_AT_LEAST.max(tasks.saturating_mul(NUMBERS_PER_TASK)),
            spare: Vec::new(),
            lengths: Vec::new(),
            next: vec![0; width],
        }
    }

    /// Whether `task` is a source that the next task comes after by what was joined.
    fn knows(&self, task: u32) -> bool {
        let (chain, place) = self.at[task as usize];
        chain != NONE && self.next[chain as usize] > place
    }

    fn join(&mut self, task: u32) {
        let row = self.row_of[task as usize];
        if row == NONE {
            return;
        }
        let start = row as usize * self.width;
        for (next, &known) in self.next.iter_mut().zip(&self.rows[start..start + self.width]) {
            *next = (*next).max(known);
        }
    }

    /// One dependence fewer asks for the clock of `task`.
    fn release(&mut self, task: u32) {
        let row = self.row_of[task as usize];
        if row == NONE {
            return;
        }
        let asked = &mut self.asked[row as usize];
        *asked -= 1;
        if *asked == 0 {
            self.spare.push(row);
        }
    }

    /// Gives the next task, whose clock so many dependences will ask for, the clock of `task`.
    fn share(&mut self, task: u32, asked: u32) {
        let row = self.row_of[task as usize];
        if row != NONE {
            self.asked[row as usize] += asked;
        }
        self.release(task);
        self.at.push((NONE, 0));
        self.row_of.push(row);
    }

    /// Gives the next task, whose clock so many dependences will ask for, what was joined, and puts it on a chain if it is a source.
    fn put(&mut self, is_source: bool, asked: u32) -> Option<()> {
        let at = if is_source { self.extend_chain()? } else { (NONE, 0) };
        self.at.push(at);
        let knows_nothing = self.next.iter().all(|&known| known == 0);
        let row = if asked == 0 || knows_nothing { NONE } else { self.store(asked)? };
        self.row_of.push(row);
        Some(())
    }

    /// The chain that the next task goes on with, and its place there.
    fn extend_chain(&mut self) -> Option<(u32, u32)> {
        let chain = self.lengths.iter().zip(&self.next).position(|(length, known)| length == known);
        let chain = chain.unwrap_or(self.lengths.len());
        if chain == MOST_CHAINS {
            return None;
        }
        if chain == self.lengths.len() {
            self.lengths.push(0);
            if chain == self.width {
                self.widen()?;
            }
        }
        let place = self.lengths[chain];
        self.lengths[chain] += 1;
        self.next[chain] = self.lengths[chain];
        Some((chain as u32, place))
    }

    /// The row that has a copy of what was joined.
    fn store(&mut self, asked: u32) -> Option<u32> {
        if let Some(row) = self.spare.pop() {
            let start = row as usize * self.width;
            self.rows[start..start + self.width].copy_from_slice(&self.next);
            self.asked[row as usize] = asked;
            return Some(row);
        }
        if self.rows.len() + self.width > self.most_numbers {
            return None;
        }
        self.rows.extend_from_slice(&self.next);
        self.asked.push(asked);
        Some(self.asked.len() as u32 - 1)
    }

    /// Makes all clocks twice as wide.
    fn widen(&mut self) -> Option<()> {
        if 2 * self.rows.len() > self.most_numbers {
            return None;
        }
        let mut rows = vec![0; 2 * self.rows.len()];
        for (new, old) in rows.chunks_exact_mut(2 * self.width).zip(self.rows.chunks_exact(self.width)) {
            new[..self.width].copy_from_slice(old);
        }
        self.rows = rows;
        self.width *= 2;
        self.next.resize(self.width, 0);
        Some(())
    }
}
