//! Scheduling from the end: the same graph with every dependence turned round.

use super::{Placement, Streams};
use crate::Dag;

/// A graph turned round: a schedule of it, read backwards, is one of the graph.
#[derive(Clone, Debug)]
pub struct Reversed {
    /// The graph with tasks and dependences in the opposite order: `task` is `len - 1 - task`.
    pub dag: Dag,
}

impl Reversed {
    /// Turns `dag` round.
    pub fn new(dag: &Dag) -> Self {
        let last = dag.len() as u32;
        let costs = dag.costs().iter().rev().copied().collect();
        let engines = (0..last).rev().map(|task| dag.engine(task)).collect();
        let edges = dag.edges().map(move |(from, to)| (last - 1 - to, last - 1 - from));
        Self { dag: Dag::new(costs, engines, edges) }
    }

    /// Reads a schedule of the reversed graph backwards.
    pub fn read(&self, backward: &Placement) -> Placement {
        let ends =
            (0..self.dag.len() as u32).rev().map(|task| backward.start[task as usize] + self.dag.cost(task));
        Placement {
            stream_of: backward.stream_of.iter().rev().copied().collect(),
            start: ends.map(|end| backward.makespan - end).collect(),
            makespan: backward.makespan,
        }
    }
}

/// How long it takes at least from the start of each task to the end of all, in nanoseconds, with `step` between tasks.
pub fn tails(dag: &Dag, step: u64) -> Vec<u64> {
    let mut tails = vec![0; dag.len()];
    for task in (0..dag.len() as u32).rev() {
        let after = dag.successors(task).iter().map(|&after| tails[after as usize] + step).max();
        tails[task as usize] = after.unwrap_or(0) + dag.cost(task);
    }
    tails
}

/// The urgency of HEFT: the tail with the latency between streams at every step.
pub fn upward_rank(dag: &Dag, streams: Streams) -> Vec<u64> {
    tails(dag, if streams.count > 1 { streams.latency } else { 0 })
}
