//! What depends on what: two tasks conflict where one writes bytes that the other reads or writes.
//!
//! The result is a petgraph DAG over the tasks of one graph, apart from program order: an edge `u -> v` says that `v`
//! must see the effect of `u`, whatever streams they run on. Conflicts that a later write hides are left out: the
//! write itself is ordered after both.
//!
//! **Invariant:** node `i` of the graph is task `i`, and every edge goes forward in program order.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

use crate::entity::{Arena, Entity};
use crate::graph::Graph;
use crate::module::{Buffer, Module};
use crate::region::Extent;
use crate::symbols::Symbol;
use crate::task::{Op, Operand, Task, TaskData, Value};

/// Why one task depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dependence {
    /// Reads what the other wrote (RAW).
    ReadAfterWrite,
    /// Writes what the other reads (WAR).
    WriteAfterRead,
    /// Writes what the other wrote (WAW).
    WriteAfterWrite,
    /// `after` says so.
    Named,
}

/// The dependence DAG of one graph.
#[derive(Clone, Debug)]
pub struct Dependences {
    /// Node `i` is task `i`; an edge goes from the earlier task to the one that depends on it.
    pub dag: DiGraph<Task, Dependence, u32>,
}

impl Dependences {
    /// Derives the dependences of `graph` from the bytes that its tasks touch, and from `after`.
    ///
    /// Operands whose region is invalid touch nothing; [`crate::verify`] reports them.
    pub fn of(module: &Module, graph: &Graph) -> Self {
        let mut infer = Infer {
            dag: DiGraph::with_capacity(graph.tasks.len(), graph.tasks.len()),
            buffers: FxHashMap::default(),
            accesses: Vec::new(),
            chain: Vec::new(),
            seen: Arena::filled(graph.tasks.len(), None),
        };
        for task in graph.tasks.keys() {
            infer.dag.add_node(task);
        }
        let mut named: FxHashMap<Symbol, Task> = FxHashMap::default();
        for task in graph.program() {
            let data = &graph.tasks[task];
            for value in data.after.of(&module.values) {
                if let Value::Word(name) = *value
                    && let Some(&earlier) = named.get(&name)
                {
                    infer.edge(earlier, task, Dependence::Named);
                }
            }
            infer.task(module, task, data);
            if let Some(name) = data.name {
                named.insert(name, task);
            }
        }
        Self { dag: infer.dag }
    }

    /// The tasks on which `task` depends, with the reason.
    pub fn predecessors(&self, task: Task) -> impl Iterator<Item = (Task, Dependence)> + '_ {
        use petgraph::visit::EdgeRef;
        self.dag
            .edges_directed(node(task), petgraph::Direction::Incoming)
            .map(|edge| (Task::at(edge.source().index()), *edge.weight()))
    }
}

/// The operands that a task writes; `reduce` reads its output as well.
pub fn reads<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    let accumulated: &[Operand] =
        if matches!(data.op, Op::Reduce(_)) { data.outputs.of(&module.operands) } else { &[] };
    let optional = data.arguments.of(&module.attributes).iter().filter_map(|argument| match argument.value {
        Value::Operand(operand) => Some(operand),
        _ => None,
    });
    data.inputs.of(&module.operands).iter().chain(accumulated).copied().chain(optional)
}

/// The operands that a task writes.
pub fn writes<'m>(module: &'m Module, data: &TaskData) -> &'m [Operand] {
    data.outputs.of(&module.operands)
}

fn node(task: Task) -> NodeIndex<u32> {
    NodeIndex::new(task.index())
}

/// One access that is still visible somewhere.
#[derive(Clone, Copy)]
struct Seen {
    task: Task,
    extent: Extent,
}

/// A cons cell: an access and the rest of the list, so that splitting a segment shares its lists.
#[derive(Clone, Copy)]
struct Cell {
    access: u32,
    rest: u32,
}

const NIL: u32 = u32::MAX;

/// A run of bytes whose visible accesses are the same; the key of the map is its first byte.
#[derive(Clone, Copy)]
struct Segment {
    end: u64,
    writes: u32,
    reads: u32,
}

struct Infer {
    dag: DiGraph<Task, Dependence, u32>,
    buffers: FxHashMap<Buffer, BTreeMap<u64, Segment>>,
    accesses: Vec<Seen>,
    chain: Vec<Cell>,
    /// The last task that got an edge from each task, so that a pair has one edge.
    seen: Arena<Task, Option<Task>>,
}

impl Infer {
    fn task(&mut self, module: &Module, task: Task, data: &TaskData) {
        // All edges first: what a task reads, it reads before it writes.
        for operand in reads(module, data) {
            self.conflicts(module, task, operand, false);
        }
        for &operand in writes(module, data) {
            self.conflicts(module, task, operand, true);
        }
        for operand in reads(module, data) {
            self.note(module, task, operand, false);
        }
        for &operand in writes(module, data) {
            self.note(module, task, operand, true);
        }
    }

    fn edge(&mut self, from: Task, to: Task, why: Dependence) {
        if from != to && self.seen[from] != Some(to) {
            self.seen[from] = Some(to);
            self.dag.add_edge(node(from), node(to), why);
        }
    }

    fn conflicts(&mut self, module: &Module, task: Task, operand: Operand, writing: bool) {
        let Ok(access) = module.access(operand) else { return };
        let Some(segments) = self.buffers.get(&access.root) else { return };
        let (start, end) = (access.extent.start(), access.extent.end());
        let first = segments.range(..=start).next_back().map_or(start, |(&at, _)| at);
        let mut found = Vec::new();
        for segment in segments.range(first..end).map(|(_, segment)| segment).filter(|segment| segment.end > start) {
            let why = if writing { Dependence::WriteAfterWrite } else { Dependence::ReadAfterWrite };
            self.overlapping(segment.writes, &access.extent, why, &mut found);
            if writing {
                self.overlapping(segment.reads, &access.extent, Dependence::WriteAfterRead, &mut found);
            }
        }
        found.sort_unstable();
        for (from, why) in found {
            self.edge(from, task, why);
        }
    }

    fn overlapping(&self, list: u32, extent: &Extent, why: Dependence, found: &mut Vec<(Task, Dependence)>) {
        let mut at = list;
        while at != NIL {
            let cell = self.chain[at as usize];
            let earlier = &self.accesses[cell.access as usize];
            if earlier.extent.overlaps(extent) {
                found.push((earlier.task, why));
            }
            at = cell.rest;
        }
    }

    /// Makes the access visible; a contiguous write hides everything under it.
    fn note(&mut self, module: &Module, task: Task, operand: Operand, writing: bool) {
        let Ok(access) = module.access(operand) else { return };
        if access.extent.is_empty() {
            return;
        }
        let id = self.accesses.len() as u32;
        self.accesses.push(Seen { task, extent: access.extent });
        let (start, end) = (access.extent.start(), access.extent.end());
        let segments = self.buffers.entry(access.root).or_default();
        split(segments, start);
        split(segments, end);
        if writing && access.extent.is_contiguous() {
            let hidden: Vec<u64> = segments.range(start..end).map(|(&at, _)| at).collect();
            for at in hidden {
                segments.remove(&at);
            }
            self.chain.push(Cell { access: id, rest: NIL });
            segments.insert(start, Segment { end, writes: self.chain.len() as u32 - 1, reads: NIL });
            return;
        }
        fill_gaps(segments, start, end);
        for (_, segment) in segments.range_mut(start..end) {
            let list = if writing { &mut segment.writes } else { &mut segment.reads };
            self.chain.push(Cell { access: id, rest: *list });
            *list = self.chain.len() as u32 - 1;
        }
    }
}

/// Makes `at` a border between segments.
fn split(segments: &mut BTreeMap<u64, Segment>, at: u64) {
    if let Some((_, segment)) = segments.range_mut(..at).next_back()
        && segment.end > at
    {
        let rest = *segment;
        segment.end = at;
        segments.insert(at, rest);
    }
}

/// Covers the bytes of `start..end` that no segment covers yet.
fn fill_gaps(segments: &mut BTreeMap<u64, Segment>, start: u64, end: u64) {
    let mut gaps = Vec::new();
    let mut at = start;
    for (&from, segment) in segments.range(start..end) {
        if from > at {
            gaps.push((at, from));
        }
        at = segment.end;
    }
    if at < end {
        gaps.push((at, end));
    }
    for (from, to) in gaps {
        segments.insert(from, Segment { end: to, writes: NIL, reads: NIL });
    }
}
