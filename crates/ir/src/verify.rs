//! The invariants of a module, and the type that says that they hold.
//!
//! 1. Every task of a graph stands in its steps at most once; one that stands nowhere was removed by a pass.
//! 2. Blocks open and close in pairs.
//! 3. In an explicit graph every task that takes a stream has one; in an `auto` graph no task and no block has one.
//! 4. Every operand names bytes that exist, and views are not nested deeper than [`MAX_VIEW_DEPTH`].
//! 5. Copies have as many sources as destinations, and each pair has as many bytes.
//! 6. Names are unique among the declarations of a module, and among the tasks of a graph.
//! 7. `after` names a task that comes earlier.
//!
//! The parser reports breaches with spans before a module gets here; passes are checked by coming back here.

use std::fmt;
use std::ops::Deref;

use rustc_hash::FxHashSet;

use crate::graph::{Graph, Scope, Step};
use crate::module::{GraphId, Module};
use crate::region::RegionError;
use crate::symbols::Symbol;
use crate::task::{Op, Operand, Task, TaskData, Value};
use acg_entity::Arena;

/// How many views may stand on each other.
pub const MAX_VIEW_DEPTH: u32 = 32;

/// A module whose invariants hold. Back ends take nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'m> {
    module: &'m Module,
}

impl Deref for Verified<'_> {
    type Target = Module;

    fn deref(&self) -> &Module {
        self.module
    }
}

/// A broken invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// 1: a task stands in the steps twice.
    TwiceInProgram(GraphId, Task),
    /// 2: a block is not closed, or nothing is open where one closes.
    UnbalancedBlocks(GraphId),
    /// 3: a task has no stream in an explicit graph, or one in an `auto` graph.
    WrongStream(GraphId, Task),
    /// 3: a block of an `auto` graph names a stream.
    BlockNamesStream(GraphId),
    /// 4: an operand has no bytes.
    Region(GraphId, Task, RegionError),
    /// 4: a view has no bytes, or is nested too deep.
    View(Symbol),
    /// 5: a copy whose sides differ.
    UnequalCopy(GraphId, Task),
    /// 6: a name is declared twice.
    DuplicateName(Symbol),
    /// 7: `after` names nothing that comes earlier.
    UnknownAfter(GraphId, Task, Symbol),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwiceInProgram(graph, task) => {
                write!(f, "{task} of {graph} stands in the program twice")
            }
            Self::UnbalancedBlocks(graph) => {
                write!(f, "the blocks of {graph} do not open and close in pairs")
            }
            Self::WrongStream(graph, task) => {
                write!(f, "{task} of {graph} has no stream in an explicit graph, or has one in an auto graph")
            }
            Self::BlockNamesStream(graph) => write!(f, "a block of {graph}, which is auto, names a stream"),
            Self::Region(graph, task, error) => {
                write!(f, "{task} of {graph} names bytes that do not exist: {error:?}")
            }
            Self::View(name) => write!(f, "the view {name} names bytes that do not exist"),
            Self::UnequalCopy(graph, task) => write!(f, "{task} of {graph} copies between unequal sizes"),
            Self::DuplicateName(name) => write!(f, "{name} is declared twice"),
            Self::UnknownAfter(graph, task, name) => {
                write!(f, "{task} of {graph} comes after {name}, which does not come earlier")
            }
        }
    }
}

impl std::error::Error for Violation {}

/// Checks all invariants of `module`.
///
/// # Errors
///
/// Every breach that was found.
pub fn verify(module: &Module) -> Result<Verified<'_>, Vec<Violation>> {
    let mut violations = Vec::new();
    names(module, &mut violations);
    views(module, &mut violations);
    if !violations.is_empty() {
        // Operands cannot be followed through views that may be circular.
        return Err(violations);
    }
    for (id, graph) in module.graphs.iter() {
        program(id, graph, &mut violations);
        tasks(module, id, graph, &mut violations);
    }
    if violations.is_empty() { Ok(Verified { module }) } else { Err(violations) }
}

fn names(module: &Module, violations: &mut Vec<Violation>) {
    let buffers = module.buffers.values().map(|buffer| buffer.name);
    let streams = module.streams.values().map(|stream| stream.name);
    let events = module.events.values().map(|event| event.name);
    let notifies = module.notifies.values().map(|notify| notify.name);
    let graphs = module.graphs.values().map(|graph| graph.name);
    let mut seen = FxHashSet::default();
    for name in buffers.chain(streams).chain(events).chain(notifies).chain(graphs) {
        if !seen.insert(name) {
            violations.push(Violation::DuplicateName(name));
        }
    }
}

fn views(module: &Module, violations: &mut Vec<Violation>) {
    for (buffer, data) in module.buffers.iter() {
        let Some(view) = data.view else { continue };
        // Whatever the order in which buffers were made, a chain of views ends, or is too deep to be followed.
        let mut base = view.base.buffer;
        let mut depth = 1;
        while depth <= MAX_VIEW_DEPTH
            && let Some(view) = module.buffers[base].view
        {
            base = view.base.buffer;
            depth += 1;
        }
        if depth > MAX_VIEW_DEPTH || module.access(Operand { buffer, slice: None }).is_err() {
            violations.push(Violation::View(data.name));
        }
    }
}

fn program(id: GraphId, graph: &Graph, violations: &mut Vec<Violation>) {
    let mut times: Arena<Task, u32> = Arena::filled(graph.tasks.len(), 0);
    let mut depth = 0usize;
    let mut balanced = true;
    for step in &graph.steps {
        match *step {
            Step::Task(task) => times[task] += 1,
            Step::Open(scope) => {
                depth += 1;
                let names_stream = match scope {
                    Scope::Stream(_) => true,
                    Scope::Group(group) => graph.groups[group].stream.is_some(),
                    Scope::Relaxed => false,
                };
                if graph.is_auto() && names_stream {
                    violations.push(Violation::BlockNamesStream(id));
                }
            }
            Step::Close => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => balanced = false,
            },
        }
    }
    if depth != 0 || !balanced {
        violations.push(Violation::UnbalancedBlocks(id));
    }
    let misplaced = times.iter().filter(|&(_, &times)| times > 1);
    violations.extend(misplaced.map(|(task, _)| Violation::TwiceInProgram(id, task)));
}

fn tasks(module: &Module, id: GraphId, graph: &Graph, violations: &mut Vec<Violation>) {
    let mut named: FxHashSet<Symbol> = FxHashSet::default();
    for task in graph.program() {
        let data = &graph.tasks[task];
        let wrong_stream = if graph.is_auto() {
            data.stream.is_some()
        } else {
            data.op.takes_stream() && data.stream.is_none()
        };
        if wrong_stream {
            violations.push(Violation::WrongStream(id, task));
        }
        operands(module, id, task, data, violations);
        for value in data.after.of(&module.values) {
            if let Value::Word(name) = *value
                && !named.contains(&name)
            {
                violations.push(Violation::UnknownAfter(id, task, name));
            }
        }
        if let Some(name) = data.name
            && !named.insert(name)
        {
            violations.push(Violation::DuplicateName(name));
        }
    }
}

fn operands(module: &Module, id: GraphId, task: Task, data: &TaskData, violations: &mut Vec<Violation>) {
    let (inputs, outputs) = (data.inputs.of(&module.operands), data.outputs.of(&module.operands));
    for &operand in inputs.iter().chain(outputs) {
        if let Err(error) = module.access(operand) {
            violations.push(Violation::Region(id, task, error));
            return;
        }
    }
    if matches!(data.op, Op::Copy | Op::CopySync | Op::Copy2d | Op::CopyBatch | Op::Reduce(_)) {
        let bytes = |operand: &Operand| module.access(*operand).map_or(0, |access| access.extent.len());
        let equal = inputs.len() == outputs.len()
            && inputs.iter().zip(outputs).all(|(source, destination)| bytes(source) == bytes(destination));
        if !equal {
            violations.push(Violation::UnequalCopy(id, task));
        }
    }
}
