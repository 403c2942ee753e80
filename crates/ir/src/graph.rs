//! A graph: tasks, and the program order in which their calls are made.

use crate::module::Stream;
use crate::symbols::Symbol;
use crate::task::{Task, TaskData};
use acg_entity::Arena;

acg_entity::entity! {
    /// A task group.
    Group, "group"
}

/// `aclmdlRICaptureMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `ACL_MODEL_RI_CAPTURE_MODE_GLOBAL`.
    #[default]
    Global,
    /// `ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL`.
    ThreadLocal,
    /// `ACL_MODEL_RI_CAPTURE_MODE_RELAXED`.
    Relaxed,
}

impl Mode {
    /// The word of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::ThreadLocal => "thread_local",
            Self::Relaxed => "relaxed",
        }
    }
}

/// A block of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `side { … }`: lines of one stream.
    Stream(Stream),
    /// `relaxed { … }`: the thread's exchange mode is relaxed inside.
    Relaxed,
    /// `main: group tail { … }`: a task group; lines without a stream are on the group's.
    Group(Group),
}

/// One line of a graph's body.
///
/// Blocks are bracketed by `Open` and `Close`, so that program order is one flat array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A task or call.
    Task(Task),
    /// The header of a block.
    Open(Scope),
    /// Its closing brace.
    Close,
}

/// A task group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupData {
    /// Its name.
    pub name: Symbol,
    /// The stream on which it is opened and closed; `None` in an `auto` graph.
    pub stream: Option<Stream>,
}

/// A graph: `graph add on main mode global { … }` or `graph add auto { … }`.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Its name.
    pub name: Symbol,
    /// The origin stream; `None` in an `auto` graph.
    pub origin: Option<Stream>,
    /// The capture mode.
    pub mode: Mode,
    /// Tasks, in order of definition.
    pub tasks: Arena<Task, TaskData>,
    /// The byte range of each task's line in the source; empty for tasks that a pass made.
    pub spans: Arena<Task, SourceRange>,
    /// Task groups.
    pub groups: Arena<Group, GroupData>,
    /// Program order.
    pub steps: Vec<Step>,
    /// The byte range of the header line.
    pub header: SourceRange,
    /// The byte range of the closing brace.
    pub footer: SourceRange,
}

impl Graph {
    /// An empty graph.
    pub fn new(name: Symbol, origin: Option<Stream>, mode: Mode) -> Self {
        Self {
            name,
            origin,
            mode,
            tasks: Arena::new(),
            spans: Arena::new(),
            groups: Arena::new(),
            steps: Vec::new(),
            header: SourceRange::default(),
            footer: SourceRange::default(),
        }
    }

    /// Whether the compiler assigns streams and events.
    pub fn is_auto(&self) -> bool {
        self.origin.is_none()
    }

    /// Adds a task at the end of the program.
    pub fn push(&mut self, data: TaskData, span: SourceRange) -> Task {
        let task = self.tasks.push(data);
        self.spans.push(span);
        self.steps.push(Step::Task(task));
        task
    }

    /// Tasks in program order.
    pub fn program(&self) -> impl Iterator<Item = Task> + '_ {
        self.steps.iter().filter_map(|step| match *step {
            Step::Task(task) => Some(task),
            Step::Open(_) | Step::Close => None,
        })
    }
}

/// A half-open range of bytes in the module's source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}
