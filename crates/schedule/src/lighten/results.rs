//! Scales for tests: every task has a result, which is needed until the last task that depends on it.

use super::{Scales, Weight};
use crate::{Dag, Plan};

/// Weighs by results at once.
pub(crate) struct Results<'a>(pub(crate) &'a Dag);

impl Scales for Results<'_> {
    fn weigh(&mut self, plan: &Plan, at_most: u64) -> Option<Weight> {
        Some(results_at_once(self.0, plan)).filter(|weight| weight.bytes <= at_most)
    }

    fn at_least(&mut self, plan: &Plan) -> u64 {
        results_at_once(self.0, plan).bytes
    }

    fn member(&self, _: u32) -> (u64, &[u32]) {
        (1, &[])
    }
}

/// The most results at once, one for each task from when it is issued until the last that needs it is.
pub(crate) fn results_at_once(dag: &Dag, plan: &Plan) -> Weight {
    let mut uses: Vec<usize> = (0..dag.len() as u32).map(|task| dag.successors(task).len()).collect();
    let (mut live, mut heaviest) = (Vec::new(), Vec::new());
    for &task in &plan.order {
        live.push(task);
        if live.len() > heaviest.len() {
            heaviest.clone_from(&live);
        }
        dag.predecessors(task).iter().for_each(|&before| uses[before as usize] -= 1);
        live.retain(|&task| uses[task as usize] > 0);
    }
    Weight { bytes: heaviest.len() as u64, tasks: heaviest, members: Vec::new() }
}
