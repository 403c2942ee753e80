//! What depends on what: two tasks conflict where one writes bytes that the other reads or writes.
//!
//! The result is a petgraph DAG over the tasks of one graph, apart from program order: an edge `u -> v` says that `v`
//! must see the effect of `u`, whatever streams they run on. Conflicts that a later write hides are left out: the
//! write itself is ordered after both.
//!
//! **Invariant:** node `i` of the graph is task `i`, and every edge goes forward in program order.

use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

use crate::body::{Scope, Step};
use crate::graph::Graph;
use crate::module::{Buffer, GraphId, Module};
use crate::region::{Access, Extent};
use crate::symbols::Symbol;
use crate::task::{Op, Operand, Task, TaskData, Value};
use crate::visible::{Conflict, Visible};
use acg_entity::{Arena, Entity};

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

impl From<Conflict> for Dependence {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::ReadAfterWrite => Self::ReadAfterWrite,
            Conflict::WriteAfterRead => Self::WriteAfterRead,
            Conflict::WriteAfterWrite => Self::WriteAfterWrite,
        }
    }
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
    /// Operands whose region is invalid touch nothing; [`crate::verify`] reports them. Nor do calls that take no stream: the host makes them
    /// while it captures, before anything of the graph runs.
    pub fn of(module: &Module, graph: &Graph) -> Self {
        let mut infer = Infer {
            dag: DiGraph::with_capacity(graph.tasks.len(), 2 * graph.tasks.len()),
            visible: Visible::new(),
            accesses: Vec::new(),
            found: Vec::new(),
            seen: Arena::filled(graph.tasks.len(), None),
        };
        for task in graph.tasks.keys() {
            infer.dag.add_node(task);
        }
        let mut named: FxHashMap<Symbol, Task> = FxHashMap::default();
        let mut updated = Updated::of(module, graph);
        for step in &graph.steps {
            let task = match *step {
                Step::Task(task) => task,
                Step::Open(scope) => {
                    updated.open(scope);
                    continue;
                }
                Step::Close => {
                    updated.close();
                    continue;
                }
            };
            let data = &graph.tasks[task];
            for value in module.after(data) {
                if let Value::Word(name) = *value
                    && let Some(&earlier) = named.get(&name)
                {
                    infer.edge(earlier, task, Dependence::Named);
                }
            }
            if data.op.takes_stream() {
                infer.task(module, task, data, updated.tasks());
            }
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

/// The operands that a task reads, and those of which it keeps a part: `reduce` reads its output, and some operators leave some of it as it was.
pub fn reads<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    let kept: &[Operand] = match data.op {
        Op::Operator(operator) if !operator.operator().keeps.is_empty() => data.outputs.of(&module.operands),
        _ => &[],
    };
    needs(module, data).chain(kept.iter().copied())
}

/// Those of [`reads`] that have to hold something: what a task keeps of what it writes may be anything.
pub fn needs<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    let accumulated: &[Operand] =
        if matches!(data.op, Op::Reduce(_)) { data.outputs.of(&module.operands) } else { &[] };
    let optional = module.arguments(data).iter().filter_map(|argument| match argument.value {
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

/// The tasks that may stand in for those of task groups, because the program updates them.
struct Updated<'m> {
    graph: &'m Graph,
    /// By group; any of them may stand in for any task of the group.
    of: FxHashMap<Symbol, Vec<&'m TaskData>>,
    /// Which of them is open, and how many blocks are inside of it.
    inside: Option<(Symbol, u32)>,
}

impl<'m> Updated<'m> {
    fn of(module: &'m Module, graph: &'m Graph) -> Self {
        let mut of: FxHashMap<Symbol, Vec<&TaskData>> = FxHashMap::default();
        let is_of_graph = |id: GraphId| std::ptr::eq(&raw const module.graphs[id], graph);
        for (_, body) in module.bodies().filter(|(_, body)| !body.updates.is_empty()) {
            let mut open = None;
            for step in &body.steps {
                match *step {
                    Step::Open(Scope::Update(update)) if is_of_graph(body.updates[update].graph) => {
                        open = Some(body.updates[update].group);
                    }
                    // Nothing stands inside of an update but tasks.
                    Step::Close | Step::Open(_) => open = None,
                    Step::Task(task) => {
                        if let Some(group) = open {
                            of.entry(group).or_default().push(&body.tasks[task]);
                        }
                    }
                }
            }
        }
        Self { graph, of, inside: None }
    }

    fn open(&mut self, scope: Scope) {
        if let Some((_, depth)) = &mut self.inside {
            *depth += 1;
        } else if let Scope::Group(group) = scope {
            let name = self.graph.groups[group].name;
            self.inside = self.of.contains_key(&name).then_some((name, 0));
        }
    }

    fn close(&mut self) {
        self.inside = self.inside.and_then(|(name, depth)| Some((name, depth.checked_sub(1)?)));
    }

    fn tasks(&self) -> &[&'m TaskData] {
        self.inside.and_then(|(name, _)| self.of.get(&name)).map_or(&[], Vec::as_slice)
    }
}

struct Infer {
    dag: DiGraph<Task, Dependence, u32>,
    visible: Visible<Buffer, Task>,
    /// Kept between tasks, so that finding conflicts allocates nothing.
    accesses: Vec<(Access, bool)>,
    found: Vec<(Task, Conflict, Extent)>,
    /// The last task that got an edge from each task, so that a pair has one edge.
    seen: Arena<Task, Option<Task>>,
}

impl Infer {
    /// Adds `task`, which does what `data` says, or after an update what one of `updates` says.
    fn task(&mut self, module: &Module, task: Task, data: &TaskData, updates: &[&TaskData]) {
        let mut accesses = std::mem::take(&mut self.accesses);
        let forms = || std::iter::once(data).chain(updates.iter().copied());
        let access = |operand: Operand| module.access(operand).ok();
        for data in forms() {
            reads(module, data)
                .for_each(|operand| accesses.extend(access(operand).map(|access| (access, false))));
        }
        let written = forms().flat_map(|data| writes(module, data)).filter_map(|&operand| access(operand));
        accesses.extend(written.map(|access| (access, true)));
        // All edges first: what a task reads, it reads before it writes.
        for (access, writing) in &accesses {
            self.conflicts(task, access, *writing);
        }
        for (access, writing) in accesses.drain(..) {
            self.visible.note(access.root, &access.extent, writing, task);
        }
        self.accesses = accesses;
    }

    fn edge(&mut self, from: Task, to: Task, why: Dependence) {
        if from != to && self.seen[from] != Some(to) {
            self.seen[from] = Some(to);
            self.dag.add_edge(node(from), node(to), why);
        }
    }

    fn conflicts(&mut self, task: Task, access: &Access, writing: bool) {
        let mut found = std::mem::take(&mut self.found);
        self.visible.conflicts(access.root, &access.extent, writing, &mut found);
        if found.len() > 1 {
            found.sort_unstable_by_key(|&(from, why, _)| (from, why));
        }
        for (from, why, _) in found.drain(..) {
            self.edge(from, task, why.into());
        }
        self.found = found;
    }
}
