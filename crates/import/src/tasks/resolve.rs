//! What names and ids of a task graph stand for: tasks in the order of their ids, edges between them, buffers by number.
//!
//! **Invariant:** every edge goes forward, edges are sorted by the task that they lead to, and none stands twice.

use acg_diagnostics::closest;
use acg_entity::Entity;
use acg_ir::List;
use rustc_hash::FxHashMap;

use super::graph::{TaskGraph, TaskRecord, Text};
use super::problem::{Problem, Problems, TaskGraphError};

/// Names and ids, resolved.
#[derive(Debug)]
pub(super) struct Resolved {
    /// The records of the tasks in the order of their ids.
    pub(super) order: Vec<u32>,
    /// Different edges between tasks, by their place in `order`: sorted by where they lead, then by where they come from.
    pub(super) edges: Vec<(u32, u32)>,
    /// The buffer that each text is the name of.
    buffer_of: Vec<u32>,
    /// Whether the file gives edges at all.
    pub(super) has_edges: bool,
}

const NONE: u32 = u32::MAX;

impl Resolved {
    /// Resolves `graph`.
    pub(super) fn of(graph: &TaskGraph) -> Result<Self, TaskGraphError> {
        let mut problems = Problems::default();
        let buffer_of = buffers(graph, &mut problems);
        let mut order: Vec<u32> = (0..graph.tasks.len() as u32).collect();
        let id = |record: u32| graph.tasks[record as usize].id;
        if !order.iter().all(|&record| id(record) == u64::from(record)) {
            order.sort_by_key(|&record| id(record));
            for pair in order.windows(2).filter(|pair| id(pair[0]) == id(pair[1])) {
                problems.add(|| Problem {
                    place: place(graph, pair[1]),
                    cause: format!("its id {} is that of {} as well", id(pair[1]), place(graph, pair[0])),
                    remedy: "give every task an id of its own".to_owned(),
                });
            }
        }
        let edges = edges(graph, &order, &mut problems);
        problems.result()?;
        Ok(Self { order, edges, buffer_of, has_edges: graph.edges.is_some() })
    }

    /// How many tasks there are.
    pub(super) fn tasks(&self) -> u32 {
        self.order.len() as u32
    }

    /// The record of a task.
    pub(super) fn record<'g>(&self, graph: &'g TaskGraph, task: u32) -> &'g TaskRecord {
        &graph.tasks[self.order[task as usize] as usize]
    }

    /// The buffers that a list of accesses names.
    pub(super) fn buffers<'g>(
        &'g self,
        graph: &'g TaskGraph,
        accesses: List<Text>,
    ) -> impl ExactSizeIterator<Item = u32> + Clone + 'g {
        accesses.of(&graph.accesses).iter().map(|name| self.buffer_of[name.index()])
    }
}

/// Where a task stands in the file.
fn place(graph: &TaskGraph, record: u32) -> String {
    let name = graph.texts.text(graph.tasks[record as usize].name);
    format!("tasks[{record}] ({name:?})")
}

/// The buffer that each text is the name of.
fn buffers(graph: &TaskGraph, problems: &mut Problems) -> Vec<u32> {
    let mut named = vec![NONE; graph.texts.len()];
    for (number, buffer) in graph.buffers.iter().enumerate() {
        let entry = &mut named[buffer.name.index()];
        if *entry != NONE {
            let first = *entry;
            problems.add(|| Problem {
                place: format!("buffers[{number}]"),
                cause: format!("buffers[{first}] is called {:?} as well", graph.texts.text(buffer.name)),
                remedy: "give every buffer a name of its own".to_owned(),
            });
        }
        *entry = number as u32;
    }
    for (record, task) in graph.tasks.iter().enumerate() {
        for (list, verb) in [(task.reads, "reads"), (task.writes, "writes")] {
            for &name in list.of(&graph.accesses).iter().filter(|name| named[name.index()] == NONE) {
                problems.add(|| unknown_buffer(graph, record as u32, verb, name));
            }
        }
    }
    named
}

fn unknown_buffer(graph: &TaskGraph, record: u32, verb: &str, name: Text) -> Problem {
    let name = graph.texts.text(name);
    let near = closest(name, graph.buffers.iter().map(|buffer| graph.texts.text(buffer.name)));
    Problem {
        place: place(graph, record),
        cause: format!("it {verb} {name:?}, and no buffer is called that"),
        remedy: match near {
            Some(near) => format!("did you mean {near:?}?"),
            None => "add it to `buffers`".to_owned(),
        },
    }
}

/// The edges between tasks, by their place in `order`.
fn edges(graph: &TaskGraph, order: &[u32], problems: &mut Problems) -> Vec<(u32, u32)> {
    let given = graph.edges.as_deref().unwrap_or_default();
    let is_plain = order.last().is_none_or(|&last| graph.tasks[last as usize].id == order.len() as u64 - 1);
    let places: FxHashMap<u64, u32> = if is_plain {
        FxHashMap::default()
    } else {
        order.iter().zip(0..).map(|(&record, place)| (graph.tasks[record as usize].id, place)).collect()
    };
    // Ids that are different and at most the number of tasks are places already.
    let find = |id: u64| if is_plain { u32::try_from(id).ok() } else { places.get(&id).copied() };
    let find = |id: u64| find(id).filter(|&place| (place as usize) < order.len());
    let mut edges = Vec::with_capacity(given.len());
    for (number, &(from, to)) in given.iter().enumerate() {
        match (find(from), find(to)) {
            (Some(from), Some(to)) if from < to => edges.push((from, to)),
            (Some(earlier), Some(later)) => problems.add(|| backward(graph, order, number, earlier, later)),
            (first, _) => problems.add(|| Problem {
                place: format!("edges[{number}]"),
                cause: format!("no task has the id {}", if first.is_none() { from } else { to }),
                remedy: "edges are pairs of ids of tasks, [before, after]".to_owned(),
            }),
        }
    }
    edges.sort_unstable_by_key(|&(from, to)| (to, from));
    edges.dedup();
    edges
}

/// An edge that leads from a task to itself or to one with a smaller id.
fn backward(graph: &TaskGraph, order: &[u32], number: usize, from: u32, to: u32) -> Problem {
    let [from, to] = [from, to].map(|task| &graph.tasks[order[task as usize] as usize]);
    let [from_name, to_name] = [from, to].map(|task| graph.texts.text(task.name));
    let cause = if from.id == to.id {
        format!("task {} ({from_name:?}) depends on itself", from.id)
    } else {
        format!("it goes backward, from task {} ({from_name:?}) to task {} ({to_name:?})", from.id, to.id)
    };
    Problem {
        place: format!("edges[{number}]"),
        cause,
        remedy: "number tasks so that every edge goes from a smaller id to a larger one, which a circle of edges rules out"
            .to_owned(),
    }
}
