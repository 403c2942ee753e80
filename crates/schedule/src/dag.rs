//! The task graph: durations, engines and dependences in compressed rows.

use std::ops::Range;

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
    successor_start: Vec<u32>,
    successors: Vec<u32>,
    predecessor_start: Vec<u32>,
    predecessors: Vec<u32>,
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
        // Two counting sorts: by target first, so that rows by source come out ascending, and the other way round.
        let (start, sources) = rows(tasks, forward.map(|(from, to)| (to, from)));
        let by_target = entries(&start, &sources).map(|(to, from)| (from, to));
        let (mut successor_start, mut successors) = rows(tasks, by_target);
        dedup_rows(&mut successor_start, &mut successors);
        let by_source = entries(&successor_start, &successors).map(|(from, to)| (to, from));
        let (predecessor_start, predecessors) = rows(tasks, by_source);
        Self { costs, engines, successor_start, successors, predecessor_start, predecessors }
    }

    /// The same tasks with other dependences.
    #[must_use]
    pub fn with_edges<E>(&self, edges: E) -> Self
    where
        E: Iterator<Item = (u32, u32)> + Clone,
    {
        Self::new(self.costs.clone(), self.engines.clone(), edges)
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
        self.successors.len()
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
        row(&self.successor_start, &self.successors, task)
    }

    /// The tasks that `task` depends on, ascending.
    pub fn predecessors(&self, task: u32) -> &[u32] {
        row(&self.predecessor_start, &self.predecessors, task)
    }

    /// The numbers of the dependences of `task` in the order of [`Dag::edges`].
    pub(crate) fn successor_range(&self, task: u32) -> Range<u32> {
        self.successor_start[task as usize]..self.successor_start[task as usize + 1]
    }

    /// Where the dependence with number `edge` leads.
    pub(crate) fn target(&self, edge: u32) -> u32 {
        self.successors[edge as usize]
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
                    is_out_before[self.predecessor_start[to as usize] as usize + at] = true;
                }
            }
        }
        keep(&mut reduced.successor_start, &mut reduced.successors, is_out);
        keep(&mut reduced.predecessor_start, &mut reduced.predecessors, &is_out_before);
        reduced
    }

    /// All dependences, by source and then by target.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        entries(&self.successor_start, &self.successors)
    }
}

fn row<'a>(start: &[u32], entries: &'a [u32], of: u32) -> &'a [u32] {
    &entries[start[of as usize] as usize..start[of as usize + 1] as usize]
}

/// Rows of the second numbers by the first; within a row in the order of `pairs`.
fn rows(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0u32; count + 2];
    let mut total = 0u32;
    for (row, _) in pairs.clone() {
        start[row as usize + 2] += 1;
        total = total.checked_add(1).expect("a graph has fewer than u32::MAX dependences");
    }
    for at in 2..start.len() {
        start[at] += start[at - 1];
    }
    let mut entries = vec![0; total as usize];
    for (row, entry) in pairs {
        let next = &mut start[row as usize + 1];
        entries[*next as usize] = entry;
        *next += 1;
    }
    start.pop();
    (start, entries)
}

fn entries<'a>(start: &'a [u32], entries: &'a [u32]) -> impl Iterator<Item = (u32, u32)> + Clone + 'a {
    (0..start.len().saturating_sub(1) as u32)
        .flat_map(move |of| row(start, entries, of).iter().map(move |&entry| (of, entry)))
}

/// Leaves entries out.
fn keep(start: &mut [u32], entries: &mut Vec<u32>, is_out: &[bool]) {
    let (mut kept, mut from) = (0usize, 0usize);
    for bound in start.iter_mut().skip(1) {
        let end = *bound as usize;
        for read in from..end {
            if !is_out[read] {
                entries[kept] = entries[read];
                kept += 1;
            }
        }
        *bound = kept as u32;
        from = end;
    }
    entries.truncate(kept);
}

fn dedup_rows(start: &mut [u32], entries: &mut Vec<u32>) {
    let (mut kept, mut from) = (0usize, 0usize);
    for bound in start.iter_mut().skip(1) {
        let end = *bound as usize;
        let row = kept;
        for read in from..end {
            if kept == row || entries[kept - 1] != entries[read] {
                entries[kept] = entries[read];
                kept += 1;
            }
        }
        *bound = kept as u32;
        from = end;
    }
    entries.truncate(kept);
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
