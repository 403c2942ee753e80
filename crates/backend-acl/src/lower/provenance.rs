//! What lowering gives: the calls, and where each of them and each name comes from.

use std::cell::OnceCell;

use acg_calls::{CallId, Log, Name};
use acg_ir::graph::SourceRange;
use acg_ir::{
    BodyId, Branch, Buffer, Cond, Context, Entity, Event, GraphId, Group, Handle, Lock, Module, Notify,
    OmModel, Session, Stream, Task, Thread,
};

use super::causes::Causes;
use super::lines::Lines;

/// What a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The program as a whole: initialisation, device, finalisation.
    Program,
    /// The declaration whose handle or memory it makes or releases.
    Declaration(Declaration),
    /// The header of a graph.
    Begin(GraphId),
    /// The end of a graph, its dump and its execution.
    End(GraphId),
    /// The header of a block in a body.
    Open(BodyId),
    /// The closing brace of a block in a body.
    Close(BodyId),
    /// A task of a body.
    Task(BodyId, Task),
}

/// What a name of the log stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Declaration {
    /// A stream.
    Stream(Stream),
    /// An event.
    Event(Event),
    /// A notify.
    Notify(Notify),
    /// The memory of a buffer.
    Buffer(Buffer),
    /// The model that a graph is captured into, or the first of them where `segment` splits it.
    Model(GraphId),
    /// A further model of a graph, by its number from 2 on.
    Segment(GraphId, u32),
    /// The model that a branch of a conditional task is captured into.
    Branch(GraphId, Branch),
    /// The handle of a conditional task; its value is a buffer.
    Cond(Cond),
    /// A graph that calls make, or the model of a branch that a call captures.
    Handle(Handle),
    /// A task group's handle.
    Group(BodyId, Group),
    /// What the first phase of an operator gives: its executor or workspace.
    Operator(BodyId, Task),
    /// A host thread, which has no name in the log.
    Thread(Thread),
    /// A context.
    Context(Context),
    /// A lock.
    Lock(Lock),
    /// The number of an offline model.
    OmModel(OmModel),
    /// A GE session.
    Session(Session),
}

/// A part of the program, in the order of [`Lowered::phases`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The device, streams, events, notifies.
    Initialise,
    /// Memory.
    Allocate,
    /// The first phase of a graph's operators.
    Prepare(GraphId),
    /// The capture of a graph.
    Capture(GraphId),
    /// The execution of a model.
    Execute(GraphId),
    /// The host program.
    Run,
    /// Everything is released.
    CleanUp,
}

/// Something of the module that has no calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The graph is `auto`: a pass has to assign its streams first.
    NoStreams(GraphId),
    /// The bytes of the task's operands are not rows of one length and one pitch.
    NotRows(BodyId, Task),
    /// The operands of the task do not fit the operator's parameters.
    Operands(BodyId, Task),
    /// What stands behind `call` is not as a call log writes it.
    Call(BodyId, Task),
}

/// A lowered module.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The calls.
    pub log: Log,
    /// For every call, what it comes from.
    pub causes: Causes,
    /// For every name, by [`Name::index`], what it stands for; `None` past the end.
    pub declarations: Vec<Option<Declaration>>,
    /// The parts of the program with their first calls, in order.
    pub phases: Vec<(Phase, CallId)>,
    /// What could not be lowered, in order.
    pub problems: Vec<Problem>,
    /// A line of the first `repeat` that was lowered fewer times than it says, where there is one.
    pub cut: Option<SourceRange>,
}

impl Lowered {
    /// Nothing lowered yet, with room for about as many calls as a module needs: arrays that grow are copied, and for a moment
    /// take three times their place. Room that is not written to costs nothing.
    pub(super) fn with_room_for(module: &Module) -> Self {
        let tasks: usize = module.bodies().map(|(_, body)| body.steps.len()).sum();
        let declared =
            module.buffers.len() + module.streams.len() + module.events.len() + module.notifies.len();
        let others = 64 + 16 * module.graphs.len() + tasks / 64;
        let calls = tasks + 2 * declared + others;
        let mut lowered = Self::default();
        let (args, operands) = (5 * tasks + 4 * declared, module.operands.len());
        let longer = tasks + module.buffers.len();
        lowered.log.reserve(calls, args + operands, longer, module.symbols.len());
        lowered.causes.reserve(calls);
        lowered.declarations.reserve(declared);
        lowered
    }

    /// What a name stands for.
    pub fn declaration(&self, name: Name) -> Option<Declaration> {
        self.declarations.get(name.index()).copied().flatten()
    }

    pub(super) fn declare(&mut self, name: Name, declaration: Declaration) {
        if name.index() >= self.declarations.len() {
            self.declarations.resize(name.index() + 1, None);
        }
        self.declarations[name.index()] = Some(declaration);
    }
}

/// The source lines of the calls of a lowered module.
#[derive(Debug)]
pub struct Origins<'p> {
    module: &'p Module,
    lowered: &'p Lowered,
    /// Those of declarations, once one is asked for.
    declarations: OnceCell<Lines>,
}

impl<'p> Origins<'p> {
    /// The lines of `lowered`, which is what `module` was lowered to.
    pub fn of(module: &'p Module, lowered: &'p Lowered) -> Self {
        Self { module, lowered, declarations: OnceCell::new() }
    }

    /// The bytes of the source line that a call comes from, where there is one.
    pub fn line(&self, call: CallId) -> Option<SourceRange> {
        let line = match self.lowered.causes.of(call)? {
            Cause::Task(body, task) => {
                self.module.body(body)?.spans.values().as_slice().get(task.index()).copied()
            }
            Cause::Declaration(declaration) => {
                self.declarations.get_or_init(|| Lines::of(self.module)).line(declaration)
            }
            _ => self.lowered.causes.line(call),
        };
        line.filter(|line| line.end > line.start)
    }
}
