//! What depends on what: two tasks conflict where one writes bytes that the other reads or writes.
//!
//! The result is a petgraph DAG over the tasks of one graph, apart from program order: an edge `u -> v` says that `v`
//! must see the effect of `u`, whatever streams they run on. Conflicts that a later write hides are left out: the
//! write itself is ordered after both.
//!
//! **Invariant:** node `i` of the graph is task `i`, and every edge goes forward in program order.

use indexmap::IndexSet;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::body::{Scope, Step};
use crate::graph::Graph;
use crate::module::{Buffer, Module};
use crate::region::Access;
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
    /// Derives the dependences of `graph`, one of `module`; for many graphs see [`Inference`].
    pub fn of(module: &Module, graph: &Graph) -> Self {
        Inference::new(module).dependences(module, graph)
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
    inputs(module, data).chain(read_besides(module, data).into_iter().flatten())
}

/// Calls `found` with each of [`reads`].
#[inline]
pub fn each_read(module: &Module, data: &TaskData, mut found: impl FnMut(Operand)) {
    inputs(module, data).for_each(&mut found);
    let is_plain = !matches!(data.op, Op::Operator(_)) && !needs_more(data);
    if !is_plain && let Some(besides) = read_besides(module, data) {
        besides.for_each(found);
    }
}

/// Those of [`reads`] that have to hold something: what a task keeps of what it writes may be anything.
pub fn needs<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    let besides = needs_more(data).then(|| needed_besides(module, data));
    inputs(module, data).chain(besides.into_iter().flatten())
}

fn inputs<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    data.inputs.of(&module.operands).iter().copied()
}

/// What a task reads besides its inputs, if there may be anything.
fn read_besides<'m>(module: &'m Module, data: &TaskData) -> Option<impl Iterator<Item = Operand> + use<'m>> {
    let kept: &[Operand] = match data.op {
        Op::Operator(operator) if !operator.operator().keeps.is_empty() => writes(module, data),
        _ => &[],
    };
    let reads_more = !kept.is_empty() || needs_more(data);
    reads_more.then(|| needed_besides(module, data).chain(kept.iter().copied()))
}

/// Whether a task may need anything but its inputs, which hardly any does.
fn needs_more(data: &TaskData) -> bool {
    !data.arguments.is_empty() || matches!(data.op, Op::Reduce(_))
}

/// What a task needs besides its inputs.
fn needed_besides<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Operand> + use<'m> {
    let accumulated = if matches!(data.op, Op::Reduce(_)) { writes(module, data) } else { &[] };
    let optional = module.arguments(data).iter().filter_map(|argument| match argument.value {
        Value::Operand(operand) => Some(operand),
        _ => None,
    });
    accumulated.iter().copied().chain(optional)
}

/// The operands that a task writes.
pub fn writes<'m>(module: &'m Module, data: &TaskData) -> &'m [Operand] {
    data.outputs.of(&module.operands)
}

fn node(task: Task) -> NodeIndex<u32> {
    NodeIndex::new(task.index())
}

/// Derives the dependences of one graph of a module after the other, in time that does not depend on how much else there is.
pub struct Inference {
    visible: Visible<Buffer, Task>,
    /// Kept between tasks, so that finding conflicts allocates nothing.
    accesses: Vec<(Access, bool)>,
    found: Vec<(Task, Conflict)>,
    /// What the updates of a task group touch, any of whose tasks may stand in for any of the group's; by the names of graph and group.
    updates: FxHashMap<(Symbol, Symbol), Stand>,
}

/// What may stand in for a task: the operands that it reads and those that it writes, each once.
#[derive(Default)]
struct Stand {
    read: IndexSet<Operand, FxBuildHasher>,
    written: IndexSet<Operand, FxBuildHasher>,
}

impl Inference {
    /// For the graphs of `module`, as long as its updates stay as they are.
    pub fn new(module: &Module) -> Self {
        let mut updates: FxHashMap<(Symbol, Symbol), Stand> = FxHashMap::default();
        for (_, body) in module.bodies().filter(|(_, body)| !body.updates.is_empty()) {
            let mut open = None;
            for step in &body.steps {
                match *step {
                    Step::Open(Scope::Update(update)) => {
                        let update = &body.updates[update];
                        open = Some((module.graphs[update.graph].name, update.group));
                    }
                    // Nothing stands inside of an update but tasks.
                    Step::Close | Step::Open(_) => open = None,
                    Step::Task(task) => {
                        if let Some(group) = open {
                            let stand = updates.entry(group).or_default();
                            stand.read.extend(reads(module, &body.tasks[task]));
                            stand.written.extend(writes(module, &body.tasks[task]));
                        }
                    }
                }
            }
        }
        Self { visible: Visible::new(), accesses: Vec::new(), found: Vec::new(), updates }
    }

    /// Derives the dependences of `graph` from the bytes that its tasks touch, and from `after`.
    ///
    /// Operands whose region is invalid touch nothing; [`crate::verify`] reports them. Nor do calls that take no stream: the host makes them
    /// while it captures, before anything of the graph runs.
    pub fn dependences(&mut self, module: &Module, graph: &Graph) -> Dependences {
        let mut dag = DiGraph::with_capacity(graph.tasks.len(), 2 * graph.tasks.len());
        for task in graph.tasks.keys() {
            dag.add_node(task);
        }
        self.each(module, graph, |from, to, why| _ = dag.add_edge(node(from), node(to), why));
        Dependences { dag }
    }

    /// As [`Inference::dependences`], one by one in the program order of the later task: calls `found` with the earlier task, the later one
    /// and a reason, once for each pair.
    pub fn each(&mut self, module: &Module, graph: &Graph, found: impl FnMut(Task, Task, Dependence)) {
        let mut edges = Edges { found, seen: Arena::filled(graph.tasks.len(), None) };
        let operands = |data: &TaskData| data.inputs.len() + data.outputs.len();
        self.visible.reserve(graph.tasks.values().map(operands).sum(), module.buffers.len());
        let mut named: FxHashMap<Symbol, Task> = FxHashMap::default();
        let mut updated = Updated::new(graph);
        for step in &graph.steps {
            let task = match *step {
                Step::Task(task) => task,
                Step::Open(scope) => {
                    updated.open(scope, &self.updates);
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
                    edges.add(earlier, task, Dependence::Named);
                }
            }
            if data.op.takes_stream() {
                self.task(module, (task, data), updated.group(), &mut edges);
            }
            if let Some(name) = data.name {
                named.insert(name, task);
            }
        }
        self.visible.clear();
    }

    /// Adds a task, which does what its data say, or after an update what one of the tasks in the updates of `group` says.
    fn task(
        &mut self,
        module: &Module,
        (task, data): (Task, &TaskData),
        group: Option<(Symbol, Symbol)>,
        edges: &mut Edges<impl FnMut(Task, Task, Dependence)>,
    ) {
        let mut accesses = std::mem::take(&mut self.accesses);
        let stand = group.and_then(|group| self.updates.get(&group));
        let mut touch = |operand, writing| {
            if let Ok(access) = module.access(operand) {
                accesses.push((access, writing));
            }
        };
        each_read(module, data, |operand| touch(operand, false));
        stand.iter().flat_map(|stand| &stand.read).for_each(|&operand| touch(operand, false));
        for &operand in writes(module, data) {
            touch(operand, true);
        }
        stand.iter().flat_map(|stand| &stand.written).for_each(|&operand| touch(operand, true));
        // All edges first: what a task reads, it reads before it writes.
        for (access, writing) in &accesses {
            self.conflicts(task, access, *writing, edges);
        }
        for (access, writing) in &accesses {
            self.visible.note(access.root, &access.extent, *writing, task);
        }
        accesses.clear();
        self.accesses = accesses;
    }

    fn conflicts(
        &mut self,
        task: Task,
        access: &Access,
        writing: bool,
        edges: &mut Edges<impl FnMut(Task, Task, Dependence)>,
    ) {
        let Self { visible, found, .. } = self;
        found.clear();
        visible.each_conflict(access.root, &access.extent, writing, |from, why| found.push((from, why)));
        if found.len() > 1 {
            found.sort_unstable();
        }
        for &(from, why) in &*found {
            edges.add(from, task, why.into());
        }
    }
}

/// The dependences of one graph, while they are derived.
struct Edges<F> {
    found: F,
    /// The last task that got an edge from each task, so that a pair has one edge.
    seen: Arena<Task, Option<Task>>,
}

impl<F: FnMut(Task, Task, Dependence)> Edges<F> {
    fn add(&mut self, from: Task, to: Task, why: Dependence) {
        if from != to && self.seen[from] != Some(to) {
            self.seen[from] = Some(to);
            (self.found)(from, to, why);
        }
    }
}

/// The updated task group that is open, while a graph is gone through.
struct Updated<'m> {
    graph: &'m Graph,
    /// The names of its graph and of itself, and how many blocks are inside of it.
    inside: Option<((Symbol, Symbol), u32)>,
}

impl<'m> Updated<'m> {
    fn new(graph: &'m Graph) -> Self {
        Self { graph, inside: None }
    }

    fn open<V>(&mut self, scope: Scope, updates: &FxHashMap<(Symbol, Symbol), V>) {
        if let Some((_, depth)) = &mut self.inside {
            *depth += 1;
        } else if let Scope::Group(group) = scope {
            let names = (self.graph.name, self.graph.groups[group].name);
            self.inside = updates.contains_key(&names).then_some((names, 0));
        }
    }

    fn close(&mut self) {
        self.inside = self.inside.and_then(|(names, depth)| Some((names, depth.checked_sub(1)?)));
    }

    fn group(&self) -> Option<(Symbol, Symbol)> {
        self.inside.map(|(names, _)| names)
    }
}
