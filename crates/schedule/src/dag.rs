//! The task graph: durations, engines and dependences in compressed rows.

use std::ops::Range;

use crate::rows::Rows;

/// What a task occupies while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// One of the device's slots: a kernel.
    Slot,
    /// The one engine that copies from host to device.
    HostToDevice,
    /// The one engine that copies from device to host.
    DeviceToHost,
    /// The one engine that copies within the device.
    DeviceToDevice,
}

/// A task graph.
///
/// **Invariant:** every dependence goes from a smaller task to a larger one, and rows are ascending without repetition.
#[derive(Clone, Debug, Default)]
pub struct Dag {
    costs: Vec<u64>,
    engines: Vec<Engine>,
    successors: Rows<u32>,
    predecessors: Rows<u32>,
}

impl Dag {
    /// The graph of tasks that last `costs` nanoseconds on `engines`, where `(u, v)` in `edges` says that `v` depends on `u`.
    ///
    /// `edges` is walked several times and may repeat itself; an edge that does not go forward is left out.
    ///
    /// # Panics
    /// Where `costs` and `engines` differ in length, or past `u32::MAX` tasks or dependences.
    pub fn new<E>(costs: Vec<u64>, engines: Vec<Engine>, edges: E) -> Self
    where
        E: Iterator<Item = (u32, u32)> + Clone,
    {
        assert_eq!(costs.len(), engines.len(), "every task has a cost and an engine");
        let tasks = costs.len();
        let forward = edges.filter(|&(from, to)| from < to && (to as usize) < tasks);
        let mut successors = Rows::new(tasks, forward);
        successors.sort();
        successors.dedup();
        let predecessors = successors.turned(tasks);
        Self { costs, engines, successors, predecessors }
    }

    /// The same tasks with other dependences.
    #[must_use]
    pub fn with_edges<E>(&self, edges: E) -> Self
    where
        E: Iterator<Item = (u32, u32)> + Clone,
    {
        Self::new(self.costs.clone(), self.engines.clone(), edges)
    }

    /// The same tasks with `orders` besides, of which some may go backward: for who goes by an order of its own.
    pub(crate) fn with_orders(&self, orders: &[(u32, u32)]) -> Self {
        let all = self.edges().chain(orders.iter().copied());
        let mut successors = Rows::new(self.len(), all.map(|(from, to)| (to, from))).turned(self.len());
        successors.dedup();
        let predecessors = successors.turned(self.len());
        Self { successors, predecessors, ..self.clone() }
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.costs.len()
    }

    /// Whether there is no task.
    pub fn is_empty(&self) -> bool {
        self.costs.is_empty()
    }

    /// How many dependences there are.
    pub fn edge_count(&self) -> usize {
        self.successors.entries().len()
    }

    /// How long `task` runs, in nanoseconds.
    pub fn cost(&self, task: u32) -> u64 {
        self.costs[task as usize]
    }

    /// How long every task runs, in nanoseconds.
    pub fn costs(&self) -> &[u64] {
        &self.costs
    }

    /// What `task` occupies.
    pub fn engine(&self, task: u32) -> Engine {
        self.engines[task as usize]
    }

    /// The tasks that depend on `task`, ascending.
    pub fn successors(&self, task: u32) -> &[u32] {
        self.successors.of(task)
    }

    /// The tasks that `task` depends on, ascending.
    pub fn predecessors(&self, task: u32) -> &[u32] {
        self.predecessors.of(task)
    }

    /// The numbers of the dependences of `task` in the order of [`Dag::edges`].
    pub(crate) fn successor_range(&self, task: u32) -> Range<u32> {
        let range = self.successors.range(task);
        range.start as u32..range.end as u32
    }

    /// Where the dependence with number `edge` leads.
    pub(crate) fn target(&self, edge: u32) -> u32 {
        self.successors.entries()[edge as usize]
    }

    /// The same tasks without the dependences that `is_out` says, in the order of [`Dag::edges`].
    pub(crate) fn without(&self, is_out: &[bool]) -> Self {
        let mut reduced = self.clone();
        // The same dependences by target; few are out, as a rule.
        let mut is_out_before = vec![false; is_out.len()];
        for task in 0..self.len() as u32 {
            for edge in self.successor_range(task).filter(|&edge| is_out[edge as usize]) {
                let to = self.target(edge);
                if let Ok(at) = self.predecessors(to).binary_search(&task) {
                    is_out_before[self.predecessors.range(to).start + at] = true;
                }
            }
        }
        reduced.successors.retain(|edge, _, _| !is_out[edge]);
        reduced.predecessors.retain(|edge, _, _| !is_out_before[edge]);
        reduced
    }

    /// All dependences, by source and then by target.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        self.successors.pairs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ascending_and_without_repetition() {
        let edges = [(1, 3), (0, 3), (0, 1), (0, 3), (3, 2), (2, 2), (1, 9)];
        let dag = Dag::new(vec![1; 4], vec![Engine::Slot; 4], edges.into_iter());
        assert_eq!(dag.edges().collect::<Vec<_>>(), [(0, 1), (0, 3), (1, 3)]);
        assert_eq!(dag.predecessors(3), [0, 1]);
        assert_eq!(dag.successors(2), [0; 0]);
    }
}
