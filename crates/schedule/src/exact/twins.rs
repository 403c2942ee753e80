//! Tasks that can be exchanged: the second of two is only appended after the first.

use std::collections::HashMap;

use crate::{Dag, cuts};

/// Which tasks must not go before which others, without loss.
#[derive(Debug)]
pub(super) struct Twins {
    /// The task that goes before each, of two that begin alike chains between the same tasks.
    chain: Vec<Option<u32>>,
    /// The tasks of each task's part, and those of the alike part of which some task goes before.
    part: Vec<Option<(u128, u128)>>,
}

impl Twins {
    pub(super) fn new(dag: &Dag) -> Self {
        let mut last = HashMap::new();
        let chain = (0..dag.len() as u32).map(|task| last.insert(chain(dag, task), task)).collect();
        Self { chain, part: parts(dag) }
    }

    /// Whether `task` has to let another go first, where `appended` are appended.
    pub(super) fn must_wait(&self, task: u32, appended: u128) -> bool {
        self.chain[task as usize].is_some_and(|twin| appended >> twin & 1 == 0)
            || self.part[task as usize]
                .is_some_and(|(own, first)| appended & own == 0 && appended & first == 0)
    }
}

/// What comes before the chain, the durations along it, and what comes after.
fn chain(dag: &Dag, first: u32) -> (&[u32], Vec<u64>, &[u32]) {
    let mut costs = vec![dag.cost(first)];
    let mut at = first;
    while let [next] = *dag.successors(at)
        && dag.predecessors(next).len() == 1
    {
        at = next;
        costs.push(dag.cost(at));
    }
    (dag.predecessors(first), costs, dag.successors(at))
}

/// Parts that nothing but cuts connects, and which of them are alike.
fn parts(dag: &Dag) -> Vec<Option<(u128, u128)>> {
    let cuts = cuts(dag);
    let is_cut = |task: u32| cuts.binary_search(&task).is_ok();
    let mut part: Vec<u32> = (0..dag.len() as u32).collect();
    for (from, to) in dag.edges().filter(|&(from, to)| !is_cut(from) && !is_cut(to)) {
        let (kept, gone) =
            (part[from as usize].min(part[to as usize]), part[from as usize].max(part[to as usize]));
        for name in part.iter_mut().filter(|name| **name == gone) {
            *name = kept;
        }
    }
    let mut last = HashMap::new();
    let mut alike = vec![None; dag.len()];
    for name in 0..dag.len() as u32 {
        let tasks: Vec<u32> = (0..dag.len() as u32).filter(|&task| part[task as usize] == name).collect();
        let mask = tasks.iter().fold(0, |mask, task| mask | 1u128 << task);
        if let Some(first) = last.insert(form(dag, &tasks), mask).filter(|_| !tasks.is_empty()) {
            for &task in &tasks {
                alike[task as usize] = Some((mask, first));
            }
        }
    }
    alike
}

/// Durations and dependences of a part, with its own tasks counted from its first and cuts by what they are.
fn form(dag: &Dag, tasks: &[u32]) -> Vec<Vec<u64>> {
    let own = |task: u32| tasks.binary_search(&task).map_or(u64::MAX - u64::from(task), |index| index as u64);
    let line = |&task: &u32| {
        let links = [dag.predecessors(task), dag.successors(task)].into_iter();
        let links =
            links.flat_map(|row| [row.len() as u64].into_iter().chain(row.iter().map(|&other| own(other))));
        [dag.cost(task)].into_iter().chain(links).collect()
    };
    tasks.iter().map(line).collect()
}
