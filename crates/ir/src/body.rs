//! What a graph and the host program have in common: tasks, and the order in which their calls are made.
//!
//! Program order is one flat array. Blocks are bracketed by [`Step::Open`] and [`Step::Close`], and what a block says beyond its
//! kind stands in an arena beside the tasks, so a body of a million lines is a few flat arrays.
//!
//! | block | text | steps |
//! |---|---|---|
//! | lines of one stream | `side { … }` | `Open(Stream) … Close` |
//! | exchange mode | `relaxed { … }` | `Open(Relaxed) … Close` |
//! | task group | `main: group tail { … }` | `Open(Group) … Close` |
//! | update of a task group | `upd: update add.tail { … }` | `Open(Update) … Close` |
//! | conditional task | `main: if c on sub { … } else on sub { … }` | `Open(Conditional) Open(Branch) … Close Open(Branch) … Close Close` |
//! | repetition | `repeat 8 { … }` | `Open(Repeat) … Close` |
//! | host thread, context, lock | `thread t2 { … }`, `context c { … }`, `lock l { … }` | `Open(Thread) … Close` and so on |
//! | GE session | `ge session s { … }` | `Open(Session) … Close` |
//!
//! **Invariant:** the branches of a conditional task are the only steps directly inside of it, and stand nowhere else.

mod lines;

use crate::graph::Mode;
use crate::module::{Cond, Context, GraphId, Lock, Session, SourceRange, Stream, Thread};
use crate::symbols::Symbol;
use crate::task::{Op, Task, TaskData};
use acg_entity::Arena;

pub use lines::{Line, Lines};

acg_entity::entity! {
    /// A task group.
    Group, "group"
}
acg_entity::entity! {
    /// An update of a task group.
    Update, "update"
}
acg_entity::entity! {
    /// A conditional task.
    Conditional, "conditional"
}
acg_entity::entity! {
    /// A branch of a conditional task.
    Branch, "branch"
}

/// Which body of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyId {
    /// That of a graph.
    Graph(GraphId),
    /// The host program.
    Run,
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
    /// `upd: update add.tail { … }`: new kernels for a task group; lines without a stream are on the update's.
    Update(Update),
    /// `main: if c …`, `while c …`, `switch c { … }`: a conditional task, with its branches inside.
    Conditional(Conditional),
    /// `on sub { … }` of a conditional task: what is captured into one of its sub-models; lines without a stream are on the branch's.
    Branch(Branch),
    /// `repeat 8 { … }`: the lines so many times in a row.
    Repeat(u64),
    /// `thread t2 { … }`: the calls are made by another host thread, in the order of the file.
    Thread(Thread),
    /// `context c { … }`: the context is the thread's current one inside, and the one before it afterwards.
    Context(Context),
    /// `lock l { … }`: the thread holds the lock inside.
    Lock(Lock),
    /// `ge session s { … }`: made at the start and deleted at the end.
    Session(Session),
}

/// One line of a body.
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

/// `upd: update add.tail { … }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateData {
    /// The stream on which the update begins and ends, and whose work it is.
    pub stream: Stream,
    /// The graph of the group: one above, or the one that the update stands in.
    pub graph: GraphId,
    /// The name of the group in that graph.
    pub group: Symbol,
    /// The bytes of the header.
    pub span: SourceRange,
}

/// The types of `aclmdlRICondTaskParams`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConditionalKind {
    /// Branch 0 where the value is not 0, else branch 1 if there is one.
    If,
    /// Branch 0 as long as the value is not 0.
    While,
    /// The branch of the value's number.
    Switch,
}

impl ConditionalKind {
    /// The word of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::While => "while",
            Self::Switch => "switch",
        }
    }
}

/// `main: if c …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionalData {
    /// Its type.
    pub kind: ConditionalKind,
    /// What decides.
    pub cond: Cond,
    /// The stream that it is a task of.
    pub stream: Stream,
    /// The bytes of the header.
    pub span: SourceRange,
}

/// `on sub { … }` of a conditional task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BranchData {
    /// Which conditional task it belongs to.
    pub conditional: Conditional,
    /// Which of its branches it is, from 0.
    pub number: u32,
    /// The stream that it is captured on, the origin of the sub-capture.
    pub origin: Stream,
    /// The mode of the sub-capture.
    pub mode: Mode,
    /// The bytes of the header, from `on`.
    pub span: SourceRange,
    /// The bytes of the closing brace.
    pub footer: SourceRange,
}

/// Tasks and calls, and their order.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Tasks, in order of definition.
    pub tasks: Arena<Task, TaskData>,
    /// The byte range of each task's line in the source; empty for tasks that a pass made.
    pub spans: Arena<Task, SourceRange>,
    /// Task groups.
    pub groups: Arena<Group, GroupData>,
    /// Updates of task groups.
    pub updates: Arena<Update, UpdateData>,
    /// Conditional tasks.
    pub conditionals: Arena<Conditional, ConditionalData>,
    /// Branches of all conditional tasks.
    pub branches: Arena<Branch, BranchData>,
    /// Program order.
    pub steps: Vec<Step>,
    /// The byte range of the header line.
    pub header: SourceRange,
    /// The byte range of the closing brace.
    pub footer: SourceRange,
}

/// How many tasks are fetched at once.
const RUN: usize = 64;

impl Body {
    /// Makes room for so many more lines with a task.
    pub fn reserve(&mut self, tasks: usize) {
        self.tasks.reserve(tasks);
        self.spans.reserve(tasks);
        self.steps.reserve(tasks);
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

    /// Program order in short runs, for whoever looks at all tasks: those of a run are fetched before any of it is given.
    ///
    /// Tasks may lie far apart in memory. Where the next one is waited for only after this one was understood, that takes most of the time.
    pub fn runs(&self) -> impl Iterator<Item = &[Step]> {
        self.steps.chunks(RUN).inspect(|run| self.fetch(run))
    }

    /// Fetches the tasks of the steps from the one at a place on, as many as a run has, and says where the next run starts.
    pub fn fetch_run(&self, at: usize) -> usize {
        let end = self.steps.len().min(at.saturating_add(RUN));
        self.fetch(self.steps.get(at..end).unwrap_or(&[]));
        end
    }

    fn fetch(&self, run: &[Step]) {
        let lengths = run.iter().map(|step| match *step {
            Step::Task(task) => self.tasks[task].inputs.len() ^ self.tasks[task].attributes.len(),
            Step::Open(_) | Step::Close => 0,
        });
        std::hint::black_box(lengths.fold(0, usize::wrapping_add));
    }

    /// The tasks of the program in the order in which they are stored: quicker to go through where their order does not matter, because a
    /// schedule puts what lies side by side far from each other.
    pub fn stored(&self) -> impl Iterator<Item = (Task, &TaskData)> {
        // None stands there twice.
        let are_all_there = self.program().count() == self.tasks.len();
        let mut is_there = Arena::filled(if are_all_there { 0 } else { self.tasks.len() }, false);
        if !are_all_there {
            self.program().for_each(|task| is_there[task] = true);
        }
        self.tasks.iter().filter(move |&(task, _)| are_all_there || is_there[task])
    }

    /// The `init` lines that a host program starts with, which come before the first capture: what a capture copies at once is
    /// there then.
    pub fn leading_inits(&self) -> impl Iterator<Item = Task> + '_ {
        self.steps.iter().map_while(|step| match *step {
            Step::Task(task) if matches!(self.tasks[task].op, Op::Init) => Some(task),
            _ => None,
        })
    }

    /// The lines that the body is printed as.
    pub fn lines(&self) -> Lines<'_> {
        Lines::new(self)
    }

    /// Whether every line runs once, in the order of the file: no conditional task, segment, update or other block of the host
    /// program stands in it.
    ///
    /// Passes rearrange such bodies alone.
    pub fn is_straight(&self) -> bool {
        let is_straight = |step: &Step| match *step {
            Step::Open(Scope::Stream(_) | Scope::Relaxed | Scope::Group(_)) | Step::Task(_) | Step::Close => {
                true
            }
            Step::Open(_) => false,
        };
        // What is stored is looked at first, in its order: hardly any body has, or had, a task that is not.
        let are_straight = || self.tasks.values().all(|data| data.op.is_straight());
        self.steps.iter().all(is_straight)
            && (are_straight() || self.program().all(|task| self.tasks[task].op.is_straight()))
    }

    /// The stream of lines that name none in a block, where those outside of it are on `outside`.
    pub fn stream_inside(&self, scope: Scope, outside: Option<Stream>) -> Option<Stream> {
        match scope {
            Scope::Stream(stream) => Some(stream),
            Scope::Group(group) => self.groups[group].stream,
            Scope::Update(update) => Some(self.updates[update].stream),
            Scope::Branch(branch) => Some(self.branches[branch].origin),
            Scope::Conditional(_)
            | Scope::Relaxed
            | Scope::Repeat(_)
            | Scope::Thread(_)
            | Scope::Context(_)
            | Scope::Lock(_)
            | Scope::Session(_) => outside,
        }
    }
}
