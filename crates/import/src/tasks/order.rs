//! Edges that reads and writes do not imply, and conflicts that no edge tells of.
//!
//! Both are what one relation says and the other's closure does not. A search backward from a task finds what its closure holds;
//! searches have a budget, so that graphs in which edges and conflicts have little in common take no quadratic time.

use super::graph::TaskGraph;
use super::resolve::Resolved;
use crate::remark::{Remark, RemarkKind};

/// How many dependences the searches of one import follow; past that, an edge counts as not implied.
const MOST_FOLLOWED: usize = 50_000_000;

/// Edges beside what reads and writes imply.
#[derive(Debug)]
pub(super) struct Order {
    /// Edges that become `after`, sorted by the task that they lead to.
    pub(super) after: Vec<(u32, u32)>,
    /// Conflicts between tasks that the edges leave unordered.
    unordered: Vec<(u32, u32)>,
}

impl Order {
    /// Compares the edges of `graph` with what its reads and writes imply.
    pub(super) fn of(graph: &TaskGraph, resolved: &Resolved) -> Self {
        let tasks = graph.tasks.len();
        let conflicts = conflicts(graph, resolved);
        let [given, implied] = [&resolved.edges, &conflicts].map(|edges| Rows::of(tasks, edges));
        if !resolved.has_edges {
            return Self { after: Vec::new(), unordered: Vec::new() };
        }
        let mut all = [resolved.edges.as_slice(), conflicts.as_slice()].concat();
        all.sort_unstable_by_key(|&(from, to)| (to, from));
        let after = beyond(&resolved.edges, &implied, &Rows::of(tasks, &all)).open;
        // What the budget does not suffice for is not reported.
        let unordered = beyond(&conflicts, &given, &given).sure;
        Self { after, unordered }
    }

    /// What to know about the order of tasks.
    pub(super) fn remarks(&self, graph: &TaskGraph, resolved: &Resolved) -> Option<Remark> {
        let &(from, to) = self.unordered.first()?;
        let name = |task| graph.texts.text(resolved.record(graph, task).name);
        let are = if self.unordered.len() == 1 { "is" } else { "are" };
        let text = format!(
            "{} of the orders that reads and writes ask for {are} not among the edges, such as `{}` before `{}`; the program keeps them",
            self.unordered.len(),
            name(from),
            name(to)
        );
        Some(Remark { kind: RemarkKind::Assumed, call: None, text })
    }
}

const NONE: u32 = u32::MAX;

/// The tasks that have used a buffer since it was last written, that write included.
#[derive(Clone, Copy)]
struct Users {
    writer: u32,
    /// The last of the readers in the pool.
    readers: u32,
}

/// Pairs of tasks of which one writes what the other uses, sorted by the later one; what a write hides is left out.
///
/// Every use of a buffer has its first byte, so that two conflict wherever one of them writes.
fn conflicts(graph: &TaskGraph, resolved: &Resolved) -> Vec<(u32, u32)> {
    let mut users = vec![Users { writer: NONE, readers: NONE }; graph.buffers.len()];
    // Readers, each with the one before it.
    let mut pool: Vec<(u32, u32)> = Vec::new();
    let mut conflicts = Vec::with_capacity(graph.accesses.len());
    let mut before = Vec::new();
    for task in 0..resolved.tasks() {
        let record = resolved.record(graph, task);
        let [reads, writes] = [record.reads, record.writes].map(|list| resolved.buffers(graph, list));
        before.extend(reads.clone().map(|buffer| users[buffer as usize].writer));
        for buffer in writes.clone() {
            before.push(users[buffer as usize].writer);
            let mut at = users[buffer as usize].readers;
            while let Some(&(reader, next)) = pool.get(at as usize) {
                before.push(reader);
                at = next;
            }
        }
        for buffer in reads {
            let readers = &mut users[buffer as usize].readers;
            pool.push((task, std::mem::replace(readers, pool.len() as u32)));
        }
        for buffer in writes {
            users[buffer as usize] = Users { writer: task, readers: NONE };
        }
        before.sort_unstable();
        before.dedup();
        conflicts.extend(before.drain(..).filter(|&from| from != NONE).map(|from| (from, task)));
    }
    conflicts
}

/// Edges that are not implied; both lists are sorted by where they lead.
struct Beyond {
    /// Those of which it is not known that they are implied.
    open: Vec<(u32, u32)>,
    /// Those of which it is known that they are not.
    sure: Vec<(u32, u32)>,
}

/// The edges that are neither in `known` nor implied by two or more edges of `all`, one behind the other.
fn beyond(edges: &[(u32, u32)], known: &Rows, all: &Rows) -> Beyond {
    let mut found = Beyond { open: Vec::new(), sure: Vec::new() };
    let mut implied = vec![u32::MAX; known.start.len()];
    let mut pending = Vec::new();
    let mut followed = 0;
    for edges in edges.chunk_by(|one, other| one.1 == other.1) {
        let Some(&(lowest, task)) = edges.first() else { continue };
        known.before(task).iter().for_each(|&before| implied[before as usize] = task);
        if edges.iter().all(|&(from, _)| implied[from as usize] == task) {
            continue;
        }
        pending.extend_from_slice(all.before(task));
        while let Some(at) = pending.pop() {
            if at <= lowest || followed > MOST_FOLLOWED {
                continue;
            }
            followed += all.before(at).len() + 1;
            for &before in all.before(at) {
                if std::mem::replace(&mut implied[before as usize], task) != task {
                    pending.push(before);
                }
            }
        }
        let missing = edges.iter().filter(|(from, _)| implied[*from as usize] != task);
        found.open.extend(missing.clone());
        if followed <= MOST_FOLLOWED {
            found.sure.extend(missing);
        }
    }
    found
}

/// Edges by the task that they lead to.
struct Rows {
    start: Vec<u32>,
    from: Vec<u32>,
}

impl Rows {
    /// The rows of `edges`, which are sorted by where they lead.
    fn of(tasks: usize, edges: &[(u32, u32)]) -> Self {
        let mut start = vec![0; tasks + 1];
        for &(_, to) in edges {
            start[to as usize + 1] += 1;
        }
        for task in 0..tasks {
            start[task + 1] += start[task];
        }
        Self { start, from: edges.iter().map(|&(from, _)| from).collect() }
    }

    fn before(&self, task: u32) -> &[u32] {
        let task = task as usize;
        &self.from[self.start[task] as usize..self.start[task + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_edges_that_nothing_implies_stay() {
        let known = Rows::of(5, &[(0, 1), (1, 2), (0, 3), (2, 4)]);
        let edges = [(0, 1), (0, 2), (1, 3), (0, 4), (3, 4)];
        let found = beyond(&edges, &known, &known);
        assert_eq!(
            (found.open.as_slice(), found.sure.as_slice()),
            ([(1, 3), (3, 4)].as_slice(), [(1, 3), (3, 4)].as_slice())
        );
    }

    #[test]
    fn edges_imply_each_other() {
        let edges = [(0, 1), (0, 2), (1, 2), (0, 3), (2, 3)];
        let all = Rows::of(4, &edges);
        assert_eq!(beyond(&edges, &Rows::of(4, &[]), &all).open, [(0, 1), (1, 2), (2, 3)]);
    }
}
