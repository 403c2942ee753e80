//! What lowering gives: the calls, and where each of them and each name comes from.

use acg_calls::{CallId, Log, Name};
use acg_ir::graph::SourceRange;
use acg_ir::{Buffer, Event, GraphId, Group, Notify, Stream, Task};

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
    /// The header of a block in a graph.
    Open(GraphId),
    /// The closing brace of a block in a graph.
    Close(GraphId),
    /// A task of a graph.
    Task(GraphId, Task),
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
    /// The model that a graph is captured into.
    Model(GraphId),
    /// A task group's handle.
    Group(GraphId, Group),
    /// What the first phase of an operator gives: its executor or workspace.
    Operator(GraphId, Task),
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
    /// Everything is released.
    CleanUp,
}

/// Something of the module that has no calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The graph is `auto`: a pass has to assign its streams first.
    NoStreams(GraphId),
    /// The bytes of the task's operands are not rows of one length and one pitch.
    NotRows(GraphId, Task),
    /// The operands of the task do not fit the operator's parameters.
    Operands(GraphId, Task),
}

/// A lowered module.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The calls.
    pub log: Log,
    /// For every call, the bytes of the source line that it comes from, where there is one.
    pub provenance: Vec<Option<SourceRange>>,
    /// For every call, what it comes from.
    pub causes: Vec<Cause>,
    /// For every name, by [`Name::index`], what it stands for; `None` past the end.
    pub declarations: Vec<Option<Declaration>>,
    /// The parts of the program with their first calls, in order.
    pub phases: Vec<(Phase, CallId)>,
    /// What could not be lowered, in order.
    pub problems: Vec<Problem>,
}

impl Lowered {
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
