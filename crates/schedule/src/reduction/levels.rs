//! How far tasks are from the ends of the graph and where they lead, and which dependences may be redundant by that.

use super::Open;
use crate::Dag;

/// Successors of one task that are compared with each other.
const COMPARED: usize = 8;

/// What is known of a task, and the searches that saw it: side by side because they are asked for together.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    /// The longest way to the task, in dependences.
    head: u32,
    /// The longest way from the task.
    tail: u32,
    /// The task and those that it leads to, as bits that several tasks share.
    leads_to: u64,
    /// The search in which the task was last seen from the source, and from the target.
    seen: [u32; 2],
}

/// The levels of all tasks.
pub(super) struct Levels(Vec<Level>);

impl Levels {
    /// The levels of `dag`, and those of its dependences that they do not say to be needed, by source.
    pub(super) fn new(dag: &Dag) -> (Self, Vec<Open>) {
        let mut levels = Self(vec![Level::default(); dag.len()]);
        for task in 0..dag.len() as u32 {
            let before = dag.predecessors(task).iter().map(|&before| levels.0[before as usize].head + 1);
            levels.0[task as usize].head = before.max().unwrap_or(0);
        }
        let mut open = Vec::new();
        for task in (0..dag.len() as u32).rev() {
            levels.lead(dag, task);
            let edges = dag.successor_range(task).rev();
            let may_be_redundant = |edge: &u32| levels.may_lead_around(dag, task, dag.target(*edge));
            open.extend(edges.filter(may_be_redundant).map(|edge| Open { source: task, edge }));
        }
        open.reverse();
        (levels, open)
    }

    /// Says where `task` leads, once its successors are known.
    fn lead(&mut self, dag: &Dag, task: u32) {
        let (mut tail, mut leads_to) = (0, 1 << (task % 64));
        for &behind in dag.successors(task) {
            let behind = &self.0[behind as usize];
            tail = tail.max(behind.tail + 1);
            leads_to |= behind.leads_to;
        }
        let level = &mut self.0[task as usize];
        (level.tail, level.leads_to) = (tail, leads_to);
    }

    /// Whether another successor of `from` may lead to `to`.
    fn may_lead_around(&self, dag: &Dag, from: u32, to: u32) -> bool {
        let successors = dag.successors(from);
        let others = || successors.iter().take_while(|&&other| other < to);
        self.may_lead(from, to, 2)
            && (successors.len() > COMPARED || others().any(|&other| self.may_lead(other, to, 1)))
    }

    /// The tasks along a longest way through the graph.
    pub(super) fn longest_way(&self, dag: &Dag) -> Vec<u32> {
        let tails = |task: &u32| self.0[*task as usize].tail;
        let mut next = (0..dag.len() as u32).max_by_key(tails);
        let mut way = Vec::new();
        while let Some(task) = next {
            way.push(task);
            next = dag.successors(task).iter().copied().max_by_key(tails);
        }
        way
    }

    /// The searches that last saw `task`.
    pub(super) fn seen(&mut self, task: u32) -> &mut [u32; 2] {
        &mut self.0[task as usize].seen
    }

    /// Whether a way of so many dependences, or more, may lead from one task to another.
    pub(super) fn may_lead(&self, from: u32, to: u32, steps: u32) -> bool {
        let (from, to) = (&self.0[from as usize], &self.0[to as usize]);
        from.head + steps <= to.head && to.tail + steps <= from.tail && to.leads_to & !from.leads_to == 0
    }
}
