//! What a file declares: target, buffers, streams, events, notifies, graphs, the host program.

use crate::body::{Body, BodyId};
use crate::flag::EVENT_EXTERNAL;
use crate::graph::Graph;
use crate::list::{List, RareLists};
use crate::symbols::{Symbol, Symbols};
use crate::task::{ArgumentForm, Attribute, Op, Operand, Slice, SliceDim, Task, TaskData, Value};
use crate::task_attribute::TASK_ATTRIBUTES;
use acg_entity::Arena;
use acg_operators::DType;
use rustc_hash::FxHashSet;

acg_entity::entity! {
    /// A buffer, or a named view of one.
    Buffer, "buffer"
}
acg_entity::entity! {
    /// A user stream.
    Stream, "stream"
}
acg_entity::entity! {
    /// A user event.
    Event, "event"
}
acg_entity::entity! {
    /// A notify.
    Notify, "notify"
}
acg_entity::entity! {
    /// A graph.
    GraphId, "graph"
}

acg_entity::entity! {
    /// The handle of a conditional task.
    Cond, "cond"
}
acg_entity::entity! {
    /// A host thread beside the main one.
    Thread, "thread"
}
acg_entity::entity! {
    /// A lock of the host program.
    Lock, "lock"
}
acg_entity::entity! {
    /// A context beside the device's own.
    Context, "context"
}
acg_entity::entity! {
    /// An offline model, loaded from a file.
    OmModel, "model"
}
acg_entity::entity! {
    /// A GE session.
    Session, "session"
}
acg_entity::entity! {
    /// A graph that calls make: the variable that the end of a capture sets.
    Handle, "handle"
}

/// One source file, resolved.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// All texts.
    pub symbols: Symbols,
    /// The `target` line, if there is one.
    pub target: Option<TargetSpec>,
    /// Buffers and views.
    pub buffers: Arena<Buffer, BufferData>,
    /// Streams.
    pub streams: Arena<Stream, StreamData>,
    /// Events.
    pub events: Arena<Event, EventData>,
    /// Notifies.
    pub notifies: Arena<Notify, NotifyData>,
    /// Graphs.
    pub graphs: Arena<GraphId, Graph>,
    /// Handles of conditional tasks, of all graphs.
    pub conds: Arena<Cond, CondData>,
    /// Host threads beside the main one.
    pub threads: Arena<Thread, Declared>,
    /// Locks.
    pub locks: Arena<Lock, Declared>,
    /// Contexts beside the device's own.
    pub contexts: Arena<Context, Declared>,
    /// Offline models.
    pub om_models: Arena<OmModel, OmModelData>,
    /// GE sessions, each declared by its block in the host program.
    pub sessions: Arena<Session, Declared>,
    /// Graphs that `begin_capture` and `end_capture` make, and models of conditional tasks that `add_cond` names.
    pub handles: Arena<Handle, Declared>,
    /// The models that `add_cond` lines name.
    pub handle_lists: Vec<Handle>,
    /// The host program, `run { … }`: what is called after the captures, in the order of its lines.
    ///
    /// Tasks in it run at once. It is kept apart from the graphs, so that whatever works on graphs leaves it alone.
    pub run: Option<Body>,
    /// Declarations in source order.
    pub items: Vec<Item>,
    /// The bytes of each item's line, of a graph's header; empty for items that a pass made.
    pub item_spans: Vec<SourceRange>,
    /// Dimensions of tensor types, in elements.
    pub dims: Vec<u64>,
    /// Operands of all tasks.
    pub operands: Vec<Operand>,
    /// The runs that few tasks have.
    pub rare_lists: RareLists,
    /// How operands group into arguments, where a task has tensor lists.
    pub argument_forms: Vec<ArgumentForm>,
    /// Slices of operands and views.
    pub slices: Arena<Slice, List<SliceDim>>,
    /// Their dimensions.
    pub slice_dims: Vec<SliceDim>,
    /// Attributes of all tasks.
    pub attributes: Vec<Attribute>,
    /// Elements of list attributes.
    pub values: Vec<Value>,
    /// Comments and blank lines, kept for `fmt`.
    pub trivia: Trivia,
}

/// One declaration, in source order; ranges are runs of entities declared by one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The `target` line.
    Target,
    /// Buffers `first`, `first + 1`, … that one line declares with one type.
    Buffers {
        /// The first of them.
        first: Buffer,
        /// How many.
        count: u32,
    },
    /// A named view of a buffer.
    View(Buffer),
    /// Streams that one line declares with the same properties.
    Streams {
        /// The first of them.
        first: Stream,
        /// How many.
        count: u32,
    },
    /// Events that one line declares with one kind.
    Events {
        /// The first of them.
        first: Event,
        /// How many.
        count: u32,
    },
    /// Notifies that one line declares.
    Notifies {
        /// The first of them.
        first: Notify,
        /// How many.
        count: u32,
    },
    /// A graph.
    Graph(GraphId),
    /// Graphs without lines of their own that one line declares.
    Handles {
        /// The first of them.
        first: Handle,
        /// How many.
        count: u32,
    },
    /// Threads that one line declares.
    Threads {
        /// The first of them.
        first: Thread,
        /// How many.
        count: u32,
    },
    /// Locks that one line declares.
    Locks {
        /// The first of them.
        first: Lock,
        /// How many.
        count: u32,
    },
    /// Contexts that one line declares.
    Contexts {
        /// The first of them.
        first: Context,
        /// How many.
        count: u32,
    },
    /// An offline model.
    Model(OmModel),
    /// The host program.
    Run,
}

/// `target ascend910b cann "9.1" hdk "25.5"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetSpec {
    /// Profile name.
    pub profile: Symbol,
    /// CANN version.
    pub cann: Option<Symbol>,
    /// Driver (HDK) version.
    pub hdk: Option<Symbol>,
}

/// Where a buffer lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Host memory.
    Host(HostMemory),
    /// Device memory.
    Device,
    /// Device memory that the compiler places and may alias.
    Temp,
    /// The value of a conditional task's handle: eight bytes of device memory that belong to the model.
    Cond(Cond),
}

impl Space {
    /// Whether the buffer is in host memory.
    pub const fn is_host(self) -> bool {
        matches!(self, Self::Host(_))
    }
}

/// How host memory was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostMemory {
    /// `aclrtMallocHost`: page-locked.
    Pinned,
    /// `malloc` and `aclrtHostRegister`: page-locked afterwards.
    Registered,
    /// `malloc`.
    Pageable,
}

/// The element type and shape of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorType {
    /// `f32[4, 2]`: row-major, contiguous. No dimensions is a scalar.
    Tensor {
        /// Element type.
        dtype: DType,
        /// Extents, in `Module::dims`.
        dims: List<u64>,
    },
    /// `bytes[4KiB]`.
    Bytes(u64),
}

/// A buffer or a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferData {
    /// Its name.
    pub name: Symbol,
    /// Where it lives; a view lives where its base does.
    pub space: Space,
    /// Its type; of a view, the type of the slice.
    pub ty: TensorType,
    /// What it is a view of, if it is one.
    pub view: Option<View>,
}

/// What makes a buffer a view: `device v = d[0..3]`, `device w = d as f16[6]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// What is viewed, which may be part of a view itself.
    pub base: Operand,
    /// Whether the bytes are read as another type (`as`); the base is contiguous then.
    pub reinterpreted: bool,
}

/// A stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamData {
    /// Its name.
    pub name: Symbol,
    /// The context's default stream (`default stream s`).
    pub is_default: bool,
    /// Priority, if given; 0 is highest.
    pub priority: Option<u32>,
    /// `ACL_STREAM_*` bits, if given.
    pub flags: u32,
    /// Whether a report thread is subscribed for callbacks.
    pub subscribed: bool,
}

/// How an event is created, which decides what it may do in a capture (capture-rules, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// `aclrtCreateEventExWithFlag` with these `ACL_EVENT_*` bits; a plain `event e` has `ACL_EVENT_SYNC`.
    Ex(u32),
    /// `aclrtCreateEvent`.
    Legacy,
    /// `aclrtCreateEventWithFlag` with these bits; `external` is `ACL_EVENT_EXTERNAL`.
    WithFlag(u32),
}

impl EventKind {
    /// Whether a graph can wait for the event while something outside records it (`ACL_EVENT_EXTERNAL`).
    pub const fn is_external(self) -> bool {
        matches!(self, Self::WithFlag(bits) if bits & EVENT_EXTERNAL != 0)
    }
}

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventData {
    /// Its name.
    pub name: Symbol,
    /// How it is created.
    pub kind: EventKind,
}

/// A notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotifyData {
    /// Its name.
    pub name: Symbol,
}

/// `cond c default 0`, `cond c default 1 flag 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CondData {
    /// Its name, which is also that of its value.
    pub name: Symbol,
    /// The value that decides, a `u64[]`.
    pub value: Buffer,
    /// The default launch value, if one is given.
    pub default: Option<i64>,
    /// The flag of the call, where it is not the usual one: 1 (`ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT`, the value is set to the
    /// default before every execution) with a default, 0 without.
    pub flag: Option<u32>,
}

/// Something of which only the name is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The name.
    pub name: Symbol,
}

/// `model m = om "resnet50.om"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OmModelData {
    /// Its name.
    pub name: Symbol,
    /// The file that it is loaded from.
    pub path: Symbol,
}

/// A half-open range of bytes in the module's source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Comments and blank lines, by the ordinal of the line that they precede or end.
///
/// The printer counts the lines that it prints in the order in which it prints them; that number is the key, so
/// nothing else in the IR knows that comments exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trivia {
    /// In ascending order of line.
    pub notes: Vec<Note>,
}

impl Trivia {
    /// Makes room for a line printed at ordinal `line`: what belongs to later lines moves on with them.
    pub fn insert_line(&mut self, line: u32) {
        for note in self.notes.iter_mut().filter(|note| note.line >= line) {
            note.line += 1;
        }
    }
}

/// One comment or blank line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Ordinal of the printed line it belongs to.
    pub line: u32,
    /// What it is.
    pub kind: NoteKind,
}

/// The kinds of [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A blank line before the line.
    Blank,
    /// A comment on a line of its own before the line, without the slashes.
    Before(Symbol),
    /// A comment at the end of the line.
    Trailing(Symbol),
}

impl Module {
    /// An empty module, whose first symbols are the names of task attributes: those are looked for again and again, and the first are
    /// found at once even where the symbols are settled.
    pub fn new() -> Self {
        let mut module = Self::default();
        for attribute in TASK_ATTRIBUTES {
            module.symbols.intern(attribute.name);
        }
        module
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    /// The named arguments of a task.
    pub fn arguments(&self, task: &TaskData) -> &[Attribute] {
        self.rare_lists.list(task.arguments).of(&self.attributes)
    }

    /// The names after which a task must run, as words.
    pub fn after(&self, task: &TaskData) -> &[Value] {
        self.rare_lists.list(task.after).of(&self.values)
    }

    /// A body; `None` where the module has no host program.
    pub fn body(&self, id: BodyId) -> Option<&Body> {
        match id {
            BodyId::Graph(graph) => Some(&self.graphs[graph].body),
            BodyId::Run => self.run.as_ref(),
        }
    }

    /// All bodies, graphs first.
    pub fn bodies(&self) -> impl Iterator<Item = (BodyId, &Body)> {
        let graphs = self.graphs.iter().map(|(id, graph)| (BodyId::Graph(id), &graph.body));
        graphs.chain(self.run.iter().map(|run| (BodyId::Run, run)))
    }

    /// The first line that is a call by itself ([`Op::is_bare_call`](crate::task::Op::is_bare_call)), graphs first.
    pub fn bare_call(&self) -> Option<(BodyId, Task)> {
        let bodies = self.bodies().filter(|(_, body)| body.tasks.values().any(|data| data.op.is_bare_call()));
        let tasks = bodies.flat_map(|(id, body)| body.program().map(move |task| (id, body, task)));
        let mut bare = tasks.filter(|&(_, body, task)| body.tasks[task].op.is_bare_call());
        bare.next().map(|(id, _, task)| (id, task))
    }

    /// The handles that the end of a capture sets and that are no branches: each is a graph of its own.
    pub fn graphs_of_calls(&self) -> FxHashSet<Handle> {
        let ops = self.bodies().flat_map(|(_, body)| body.program().map(|task| body.tasks[task].op));
        let mut graphs: FxHashSet<Handle> =
            ops.filter_map(|op| if let Op::CaptureEnd(handle) = op { Some(handle) } else { None }).collect();
        for branch in &self.handle_lists {
            graphs.remove(branch);
        }
        graphs
    }

    /// The dimensions of a type, in elements; `bytes[n]` has the one dimension `n`.
    pub fn shape<'a>(&'a self, ty: &'a TensorType) -> &'a [u64] {
        match ty {
            TensorType::Tensor { dims, .. } => dims.of(&self.dims),
            TensorType::Bytes(size) => std::slice::from_ref(size),
        }
    }

    /// The size of a type in bytes, `None` where it does not fit in 64 bits.
    pub fn byte_size(&self, ty: &TensorType) -> Option<u64> {
        match *ty {
            TensorType::Bytes(size) => Some(size),
            TensorType::Tensor { dtype, dims } => {
                let elements =
                    dims.of(&self.dims).iter().try_fold(1u64, |product, &dim| product.checked_mul(dim))?;
                elements.checked_mul(u64::from(dtype.bits())).map(|bits| bits.div_ceil(8))
            }
        }
    }
}
