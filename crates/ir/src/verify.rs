//! The invariants of a module, and the type that says that they hold.
//!
//! 1. Every task of a body stands in its steps at most once; one that stands nowhere was removed by a pass.
//! 2. Blocks open and close in pairs; branches stand directly in their conditional task, in order, and nothing else does.
//! 3. In an explicit graph every task that takes a stream has one; in an `auto` graph no task and no block has one.
//! 4. Every operand names bytes that exist, and views are not nested deeper than [`MAX_VIEW_DEPTH`].
//! 5. Copies have as many sources as destinations, and each pair has as many bytes.
//! 6. Names are unique among the declarations of a module, and among the tasks of a body.
//! 7. `after` names a task that comes earlier.
//! 8. `init` and `expect` have a value for every buffer.
//! 9. What an operator overwrites in place is the same bytes as input and as result.
//!
//! The parser reports breaches with spans before a module gets here; passes are checked by coming back here.

use std::fmt;
use std::ops::Deref;

use rustc_hash::FxHashSet;

use crate::binding::overwrites_what_it_reads;
use crate::body::{Body, BodyId, Scope, Step};
use crate::module::{Buffer, BufferData, Module};
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
    TwiceInProgram(BodyId, Task),
    /// 2: a block is not closed, or nothing is open where one closes.
    UnbalancedBlocks(BodyId),
    /// 3: a task has no stream in an explicit graph, or one in an `auto` graph.
    WrongStream(BodyId, Task),
    /// 3: a block of an `auto` graph names a stream.
    BlockNamesStream(BodyId),
    /// 4: an operand has no bytes.
    Region(BodyId, Task, RegionError),
    /// 4: a view has no bytes, or is nested too deep.
    View(Symbol),
    /// 5: a copy whose sides differ.
    UnequalCopy(BodyId, Task),
    /// 9: an operator in place reads one tensor and writes another.
    NotInPlace(BodyId, Task),
    /// 8: `init` or `expect` with another number of values than of buffers.
    NoValue(BodyId, Task),
    /// 6: a name is declared twice.
    DuplicateName(Symbol),
    /// 7: `after` names nothing that comes earlier.
    UnknownAfter(BodyId, Task, Symbol),
}

impl fmt::Display for BodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Graph(graph) => graph.fmt(f),
            Self::Run => f.write_str("the host program"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwiceInProgram(body, task) => {
                write!(f, "{task} of {body} stands in the program twice")
            }
            Self::UnbalancedBlocks(body) => {
                write!(f, "the blocks of {body} do not open and close in pairs")
            }
            Self::WrongStream(body, task) => {
                write!(f, "{task} of {body} has no stream in an explicit graph, or has one in an auto graph")
            }
            Self::BlockNamesStream(body) => write!(f, "a block of {body}, which is auto, names a stream"),
            Self::Region(body, task, error) => {
                write!(f, "{task} of {body} names bytes that do not exist: {error:?}")
            }
            Self::View(name) => write!(f, "the view {name} names bytes that do not exist"),
            Self::UnequalCopy(body, task) => write!(f, "{task} of {body} copies between unequal sizes"),
            Self::NotInPlace(body, task) => {
                write!(f, "{task} of {body} writes another tensor than the one that it overwrites in place")
            }
            Self::NoValue(body, task) => write!(f, "{task} of {body} has not one value for each buffer"),
            Self::DuplicateName(name) => write!(f, "{name} is declared twice"),
            Self::UnknownAfter(body, task, name) => {
                write!(f, "{task} of {body} comes after {name}, which does not come earlier")
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
    // Operands cannot be followed through views that may be circular.
    let has_bytes = declarations(module)?;
    let mut violations = Vec::new();
    for (id, body) in module.bodies() {
        let is_auto = matches!(id, BodyId::Graph(graph) if module.graphs[graph].is_auto());
        program(id, body, is_auto, &mut violations);
        tasks(module, id, body, is_auto, &has_bytes, &mut violations);
    }
    if violations.is_empty() { Ok(Verified { module }) } else { Err(violations) }
}

/// Checks what may be broken in a module that was verified, where nothing is different since but that buffers have become views of new ones
/// with the same type and as many bytes.
///
/// # Errors
///
/// Every breach that was found.
pub fn verify_places(module: &Module) -> Result<(), Vec<Violation>> {
    declarations(module).map(drop)
}

/// `module`, which was verified since it was changed last; debug builds verify it again.
pub fn still_verified(module: &Module) -> Verified<'_> {
    debug_assert!(verify(module).is_ok(), "a module that was verified has been changed");
    Verified { module }
}

/// Checks what is declared; says of each buffer whether it has bytes.
fn declarations(module: &Module) -> Result<Arena<Buffer, bool>, Vec<Violation>> {
    let mut violations = Vec::new();
    names(module, &mut violations);
    let has_bytes = buffers(module, &mut violations);
    if violations.is_empty() { Ok(has_bytes) } else { Err(violations) }
}

fn names(module: &Module, violations: &mut Vec<Violation>) {
    let buffers = module.buffers.values().map(|buffer| buffer.name);
    let streams = module.streams.values().map(|stream| stream.name);
    let events = module.events.values().map(|event| event.name);
    let notifies = module.notifies.values().map(|notify| notify.name);
    let graphs = module.graphs.values().map(|graph| graph.name);
    let threads = module.threads.values().map(|thread| thread.name);
    let locks = module.locks.values().map(|lock| lock.name);
    let contexts = module.contexts.values().map(|context| context.name);
    let models = module.om_models.values().map(|model| model.name);
    let sessions = module.sessions.values().map(|session| session.name);
    let of_device = buffers.chain(streams).chain(events).chain(notifies).chain(graphs);
    let handles = module.handles.values().map(|handle| handle.name);
    let of_host = threads.chain(locks).chain(contexts).chain(models).chain(sessions).chain(handles);
    let mut is_seen = Arena::filled(module.symbols.len(), false);
    for name in of_device.chain(of_host) {
        if std::mem::replace(&mut is_seen[name], true) {
            violations.push(Violation::DuplicateName(name));
        }
    }
}

fn buffers(module: &Module, violations: &mut Vec<Violation>) -> Arena<Buffer, bool> {
    let has_bytes = |(buffer, data): (Buffer, &BufferData)| {
        // Whatever the order in which buffers were made, a chain of views ends, or is too deep to be followed.
        let mut last = data.view;
        let mut depth = 0;
        while depth <= MAX_VIEW_DEPTH
            && let Some(view) = last
        {
            last = module.buffers[view.base.buffer].view;
            depth += 1;
        }
        let has_bytes = depth <= MAX_VIEW_DEPTH && module.access(Operand { buffer, slice: None }).is_ok();
        if !has_bytes && data.view.is_some() {
            violations.push(Violation::View(data.name));
        }
        has_bytes
    };
    module.buffers.iter().map(has_bytes).collect()
}

fn program(id: BodyId, body: &Body, is_auto: bool, violations: &mut Vec<Violation>) {
    let mut times: Arena<Task, u8> = Arena::filled(body.tasks.len(), 0);
    let mut open: Vec<Scope> = Vec::new();
    // How many branches each conditional task has so far.
    let mut branches = Arena::filled(body.conditionals.len(), 0);
    let mut balanced = true;
    for step in &body.steps {
        let inside = open.last().copied();
        if let Step::Task(task) = *step {
            balanced &= !matches!(inside, Some(Scope::Conditional(_)));
            times[task] = times[task].saturating_add(1);
            continue;
        }
        let branch = match *step {
            Step::Open(Scope::Branch(branch)) => Some(body.branches[branch]),
            _ => None,
        };
        let fits = match (inside, branch) {
            (Some(Scope::Conditional(outer)), Some(branch)) => {
                branches[outer] += 1;
                branch.conditional == outer && branch.number + 1 == branches[outer]
            }
            (Some(Scope::Conditional(_)), None) => *step == Step::Close,
            (_, branch) => branch.is_none(),
        };
        balanced &= fits;
        match *step {
            Step::Task(_) => {}
            Step::Open(scope) => {
                if is_auto && names_stream(body, scope) {
                    violations.push(Violation::BlockNamesStream(id));
                }
                open.push(scope);
            }
            Step::Close => balanced &= open.pop().is_some(),
        }
    }
    if !open.is_empty() || !balanced {
        violations.push(Violation::UnbalancedBlocks(id));
    }
    let misplaced = times.iter().filter(|&(_, &times)| times > 1);
    violations.extend(misplaced.map(|(task, _)| Violation::TwiceInProgram(id, task)));
}

fn names_stream(body: &Body, scope: Scope) -> bool {
    match scope {
        Scope::Stream(_) | Scope::Update(_) | Scope::Conditional(_) | Scope::Branch(_) => true,
        Scope::Group(group) => body.groups[group].stream.is_some(),
        Scope::Relaxed
        | Scope::Repeat(_)
        | Scope::Thread(_)
        | Scope::Context(_)
        | Scope::Lock(_)
        | Scope::Session(_) => false,
    }
}

fn tasks(
    module: &Module,
    id: BodyId,
    body: &Body,
    is_auto: bool,
    has_bytes: &Arena<Buffer, bool>,
    violations: &mut Vec<Violation>,
) {
    let mut are_named = false;
    for (task, data) in body.stored() {
        let wrong_stream =
            if is_auto { data.stream.is_some() } else { data.op.takes_stream() && data.stream.is_none() };
        if wrong_stream {
            violations.push(Violation::WrongStream(id, task));
        }
        operands(module, id, task, data, has_bytes, violations);
        are_named |= data.name.is_some() || !data.after.is_empty();
    }
    if are_named {
        names_of_tasks(module, id, body, violations);
    }
}

fn names_of_tasks(module: &Module, id: BodyId, body: &Body, violations: &mut Vec<Violation>) {
    let mut named: FxHashSet<Symbol> = FxHashSet::default();
    for task in body.program() {
        let data = &body.tasks[task];
        for value in module.after(data) {
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

fn operands(
    module: &Module,
    id: BodyId,
    task: Task,
    data: &TaskData,
    has_bytes: &Arena<Buffer, bool>,
    violations: &mut Vec<Violation>,
) {
    let (inputs, outputs) = (data.inputs.of(&module.operands), data.outputs.of(&module.operands));
    // A whole buffer is looked at once, however many tasks touch it.
    let is_whole = |operand: &Operand| operand.slice.is_none() && has_bytes[operand.buffer];
    for operands in [inputs, outputs] {
        for operand in operands {
            if !is_whole(operand)
                && let Err(error) = module.access(*operand)
            {
                violations.push(Violation::Region(id, task, error));
                return;
            }
        }
    }
    match data.op {
        Op::Operator(operator) => {
            let operator = operator.operator();
            if operator.is_in_place() && !overwrites_what_it_reads(module, operator, data) {
                violations.push(Violation::NotInPlace(id, task));
            }
        }
        Op::Init | Op::Expect => {
            let values = module.arguments(data).len();
            let has_values = match data.op {
                Op::Init => values == outputs.len(),
                _ => inputs.len() == 1 && (1..=2).contains(&values),
            };
            if !has_values {
                violations.push(Violation::NoValue(id, task));
            }
        }
        Op::Copy | Op::CopySync | Op::Copy2d | Op::CopyBatch | Op::Reduce(_) => {
            let bytes = |operand: &Operand| module.access(*operand).map_or(0, |access| access.extent.len());
            let mut pairs = inputs.iter().zip(outputs);
            let equal = inputs.len() == outputs.len()
                && pairs.all(|(source, destination)| bytes(source) == bytes(destination));
            if !equal {
                violations.push(Violation::UnequalCopy(id, task));
            }
        }
        _ => {}
    }
}
