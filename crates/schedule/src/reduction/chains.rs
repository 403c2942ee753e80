//! Decides by clocks, where a few chains hold all tasks.
//!
//! A task's clock says of each chain how many of its tasks come no later than that task. A task goes on with a chain that it comes after the
//! last of, whatever is between them, so that there are about as many chains as tasks stand side by side.

use super::mark;
use crate::Dag;

/// Chains beyond which clocks cost more than they tell.
const MOST_CHAINS: usize = 192;

/// For each dependence, in the order of [`Dag::edges`], whether others imply it; `None` where too many chains would be needed.
pub(super) fn by_clocks(dag: &Dag) -> Option<Vec<bool>> {
    let tasks = dag.len() as u32;
    let starts: Vec<usize> = (0..tasks)
        .scan(0, |end, task| Some(std::mem::replace(end, *end + dag.successors(task).len())))
        .collect();
    let mut redundant = vec![false; dag.edge_count()];
    let mut clocks = Clocks::new(dag);
    for task in 0..tasks {
        clocks.next.fill(0);
        // A task leads to later ones only.
        for &before in dag.predecessors(task).iter().rev() {
            if clocks.knows(before) {
                let successors = dag.successors(before);
                mark(successors, &mut redundant[starts[before as usize]..][..successors.len()], task);
            } else {
                clocks.join(before);
            }
        }
        for &before in dag.predecessors(task) {
            clocks.release(before);
        }
        clocks.put(task, dag.successors(task).len() as u32)?;
    }
    Some(redundant)
}

struct Clocks {
    /// Of each task, its chain and its place there.
    at: Vec<(u32, u32)>,
    /// Of each task, the row that has its clock, and how many tasks still ask for it.
    row_of: Vec<(u32, u32)>,
    /// Clocks, each as wide as there may be chains before it has to grow.
    rows: Vec<u32>,
    width: usize,
    spare: Vec<u32>,
    /// How many tasks each chain has.
    lengths: Vec<u32>,
    /// The clock of the task that is looked at.
    next: Vec<u32>,
}

impl Clocks {
    fn new(dag: &Dag) -> Self {
        let width = 8;
        Self {
            at: Vec::with_capacity(dag.len()),
            row_of: Vec::with_capacity(dag.len()),
            rows: Vec::new(),
            width,
            spare: Vec::new(),
            lengths: Vec::new(),
            next: vec![0; width],
        }
    }

    /// Whether the next task comes after `task` by what was joined.
    fn knows(&self, task: u32) -> bool {
        let (chain, place) = self.at[task as usize];
        self.next[chain as usize] > place
    }

    fn join(&mut self, task: u32) {
        let row = self.row_of[task as usize].0 as usize * self.width;
        for (next, &known) in self.next.iter_mut().zip(&self.rows[row..row + self.width]) {
            *next = (*next).max(known);
        }
    }

    /// One task fewer asks for the clock of `task`.
    fn release(&mut self, task: u32) {
        let (row, asked) = &mut self.row_of[task as usize];
        *asked -= 1;
        if *asked == 0 {
            self.spare.push(*row);
        }
    }

    /// Puts the next task, whose clock so many tasks will ask for, on a chain.
    fn put(&mut self, task: u32, asked: u32) -> Option<()> {
        debug_assert_eq!(task as usize, self.at.len());
        let chain = self.lengths.iter().zip(&self.next).position(|(length, known)| length == known);
        let chain = chain.unwrap_or(self.lengths.len());
        if chain == self.lengths.len() {
            if chain == MOST_CHAINS {
                return None;
            }
            self.lengths.push(0);
            if chain == self.width {
                self.widen();
            }
        }
        self.at.push((chain as u32, self.lengths[chain]));
        self.lengths[chain] += 1;
        self.next[chain] = self.lengths[chain];
        let mut row = 0;
        if asked > 0 {
            row = self.spare.pop().unwrap_or((self.rows.len() / self.width) as u32);
            let start = row as usize * self.width;
            if start == self.rows.len() {
                self.rows.extend_from_slice(&self.next);
            } else {
                self.rows[start..start + self.width].copy_from_slice(&self.next);
            }
        }
        self.row_of.push((row, asked));
        Some(())
    }

    /// Makes all clocks twice as wide.
    fn widen(&mut self) {
        let mut rows = vec![0; 2 * self.rows.len()];
        for (new, old) in rows.chunks_exact_mut(2 * self.width).zip(self.rows.chunks_exact(self.width)) {
            new[..self.width].copy_from_slice(old);
        }
        self.rows = rows;
        self.width *= 2;
        self.next.resize(self.width, 0);
    }
}
