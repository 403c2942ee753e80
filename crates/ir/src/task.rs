//! A task: what one line of a body does.

use acg_operators::OperatorId;

use crate::body::{ConditionalKind, Group};
use crate::graph::Mode;
use crate::list::{List, RareList};
use crate::module::{Buffer, Cond, Event, GraphId, Handle, Notify, OmModel, Session, Stream};
use crate::symbols::Symbol;

acg_entity::entity! {
    /// A task.
    Task, "task"
}
acg_entity::entity! {
    /// A slice expression, `[0..3, 1]`.
    Slice, "slice"
}

/// A buffer, or part of one, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operand {
    /// The buffer or view.
    pub buffer: Buffer,
    /// The part, `None` for all of it.
    pub slice: Option<Slice>,
}

/// One dimension of a slice, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SliceDim {
    /// `i`: one element; the dimension disappears from the shape.
    At(u64),
    /// `lo..hi`, half open.
    Range(u64, u64),
    /// `..`: the whole dimension.
    All,
}

/// How one positional argument is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgumentForm {
    /// One tensor.
    One,
    /// `[a, b]`: a tensor list of that many tensors.
    Many(u32),
}

/// How `wait_value` compares (`aclrtValueWait` flags).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `&`: any bit in common.
    And,
    /// `nor`
    Nor,
}

/// The operations of `aclrtReduceAsync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReduceKind {
    /// `sum`
    Sum,
    /// `max`
    Max,
    /// `min`
    Min,
}

/// The operations of `aclrtCmoAsync` on the cache of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheKind {
    /// `prefetch`: memory is brought into the cache.
    Prefetch,
    /// `writeback`: what the cache holds is written to memory, and stays in it.
    Writeback,
    /// `invalidate`: what the cache holds is forgotten.
    Invalidate,
    /// `flush`: what the cache holds is written to memory and forgotten.
    Flush,
}

impl CacheKind {
    /// All of them, in the order of the numbers of `aclrtCmoType`.
    pub const ALL: [Self; 4] = [Self::Prefetch, Self::Writeback, Self::Invalidate, Self::Flush];

    /// The word of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prefetch => "prefetch",
            Self::Writeback => "writeback",
            Self::Invalidate => "invalidate",
            Self::Flush => "flush",
        }
    }
}

/// What a `sync` line waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyncTarget {
    /// `sync main`
    Stream(Stream),
    /// `sync event e`
    Event(Event),
    /// `sync device`
    Device,
}

/// What a `query` line asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueryTarget {
    /// `query main`
    Stream(Stream),
    /// `query event e`
    Event(Event),
}

/// What a `destroy` line releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DestroyTarget {
    /// `aclrtDestroyStream`
    Stream(Stream),
    /// `aclrtDestroyEvent`
    Event(Event),
    /// `aclrtDestroyNotify`
    Notify(Notify),
    /// `aclrtFree` or `aclrtFreeHost`
    Buffer(Buffer),
    /// `aclmdlRIDestroy`
    Graph(GraphId),
    /// The same of a graph that calls made.
    Handle(Handle),
}

/// What a task does. Reads and writes are in [`TaskData::inputs`] and [`TaskData::outputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `copy a -> b`: `aclrtMemcpyAsync`.
    Copy,
    /// `copy_sync a -> b`: `aclrtMemcpy`, at once.
    CopySync,
    /// `copy2d a -> b`: `aclrtMemcpy2dAsync`; both regions have two dimensions or are strided.
    Copy2d,
    /// `copy_batch a -> b, c -> d`: `aclrtMemcpyBatchAsync`; the i-th input goes to the i-th output.
    CopyBatch,
    /// `fill b = 0`: `aclrtMemsetAsync` with a byte.
    Fill(u8),
    /// `fill_sync b = 0`: `aclrtMemset`, at once.
    FillSync(u8),
    /// `reduce a -> b sum`: `aclrtReduceAsync`; `b` is read and written.
    Reduce(ReduceKind),
    /// `cache prefetch b`: `aclrtCmoAsync`; the region is the input, and no byte of it changes.
    Cache(CacheKind),
    /// `aclnnAdd(self, other, alpha = 1.1) -> out`.
    Operator(OperatorId),
    /// `kernel "MyKernel"(a, b) -> c`: `aclrtLaunchKernel`.
    Kernel(Symbol),
    /// `record e`, `record e external`.
    Record {
        /// The event.
        event: Event,
        /// Whether `ACL_EVENT_RECORD_EXTERNAL` is given.
        external: bool,
    },
    /// `wait e`, `wait e external`.
    Wait {
        /// The event.
        event: Event,
        /// Whether `ACL_EVENT_WAIT_EXTERNAL` is given.
        external: bool,
    },
    /// `reset e`.
    Reset(Event),
    /// `record n` of a notify.
    RecordNotify(Notify),
    /// `wait n` of a notify.
    WaitNotify(Notify),
    /// `write flag = 1`: `aclrtValueWrite`; the flag is the output.
    WriteValue(u64),
    /// `wait_value flag >= 1`: `aclrtValueWait`; the flag is the input.
    WaitValue(Compare, u64),
    /// `callback f`, `callback f block`: `aclrtLaunchCallback`.
    Callback {
        /// The host function.
        function: Symbol,
        /// Whether the stream waits for it.
        block: bool,
    },
    /// `host_func f`: `aclrtLaunchHostFunc`.
    HostFunc(Symbol),
    /// `sync …`.
    Sync(SyncTarget),
    /// `query …`.
    Query(QueryTarget),
    /// `elapsed a b`: `aclrtEventElapsedTime`.
    Elapsed(Event, Event),
    /// `destroy …`.
    Destroy(DestroyTarget),
    /// `execute g`: `aclmdlRIExecuteAsync`.
    Execute(GraphId),
    /// `exchange relaxed`: `aclmdlRICaptureThreadExchangeMode`, not undone.
    Exchange(Mode),
    /// `cond c default 0`: `aclmdlRICondHandleCreate` for the model that is being captured here, and the address of its value.
    Cond(Cond),
    /// `add_cond switch c 3`, `add_cond if c then, other`: `aclmdlRIAddCondTask` alone.
    AddCond {
        /// The type.
        kind: ConditionalKind,
        /// What decides.
        cond: Cond,
        /// How many branches.
        branches: u32,
        /// The models of the branches, in `Module::handle_lists`; none where nothing captures them.
        models: RareList<Handle>,
    },
    /// `begin_capture mode global`: `aclmdlRICaptureBegin` alone; `begin_capture into m`: `aclmdlRICaptureToModelRIBegin`.
    CaptureBegin {
        /// The branch of a conditional task that is captured, by its model.
        into: Option<Handle>,
        /// The capture mode.
        mode: Mode,
    },
    /// `end_capture m`: `aclmdlRICaptureEnd` alone.
    CaptureEnd(Handle),
    /// `begin_group`: `aclmdlRICaptureTaskGrpBegin` alone.
    GroupBegin,
    /// `end_group tail`: `aclmdlRICaptureTaskGrpEnd` alone, of a group of the body.
    GroupEnd(Group),
    /// `execute m` of a graph that calls made.
    ExecuteHandle(Handle),
    /// `dump m "after.json" verbose` of a graph that calls made.
    DumpHandle {
        /// The graph.
        handle: Handle,
        /// The file.
        path: Symbol,
        /// Whether kernel arguments are shown.
        verbose: bool,
    },
    /// `call aclrtQueryEvent(e, &status)`: a call as call logs write it. The inputs are the buffers that it names.
    Call(Symbol),
    /// `begin_update g.tail`: `aclmdlRICaptureTaskUpdateBegin` alone; of `null` without a group.
    UpdateBegin(Option<(GraphId, Symbol)>),
    /// `end_update`: `aclmdlRICaptureTaskUpdateEnd` alone.
    UpdateEnd,
    /// `segment`: the capture ends here and goes on into a further model.
    Segment,
    /// `capture g`: the whole capture of a graph, which would otherwise come before the host program.
    Capture(GraphId),
    /// `dump g "after.json" verbose`: `aclmdlRIDebugJsonPrint`, beside the dump that follows every capture.
    Dump {
        /// The graph.
        graph: GraphId,
        /// The file.
        path: Symbol,
        /// Whether kernel arguments are shown.
        verbose: bool,
    },
    /// `execute g.2`: `aclmdlRIExecuteAsync` of one model of a graph that `segment` splits.
    ExecuteSegment {
        /// The graph.
        graph: GraphId,
        /// Which of its models, from 1.
        segment: u32,
    },
    /// `init a = 0.0, b = [1, 2]`: the host writes its memory. The outputs are the buffers, and the argument at the same place is the
    /// value of every element, or the list of all of them.
    Init,
    /// `print a, b`: the host shows its memory, the inputs.
    Print,
    /// `expect a = 1.1`, `expect a = [1.1, 2.2] within 0.001`: the host compares its memory, the one input. The first argument is the
    /// value, as with `init`; the second, if there is one, how far it may be away.
    Expect,
    /// `load m`: `aclmdlLoadFromFile`.
    LoadModel(OmModel),
    /// `unload m`: `aclmdlUnload`.
    UnloadModel(OmModel),
    /// `execute m(in) -> out`: `aclmdlExecuteAsync`.
    ExecuteModel(OmModel),
    /// `execute_sync m(in) -> out`: `aclmdlExecute`, at once.
    ExecuteModelSync(OmModel),
    /// `graph 0 = air "conv.air"` in a GE session: `AddGraph`, or `AddGraphClone` with `clone`.
    GeAdd {
        /// The session and the number of the graph in it.
        graph: GeGraph,
        /// The file.
        path: Symbol,
        /// Whether the session gets its own copy.
        clone: bool,
    },
    /// `compile 0`: `CompileGraph`.
    GeCompile(GeGraph),
    /// `main: load 0`: `LoadGraph` on a stream.
    GeLoad(GeGraph),
    /// `main: run 0(in) -> out`: `RunGraphWithStreamAsync`.
    GeRun(GeGraph),
    /// `run_sync 0(in) -> out`: `RunGraph`, at once.
    GeRunSync(GeGraph),
    /// `remove 0`: `RemoveGraph`.
    GeRemove(GeGraph),
}

/// A graph of a GE session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GeGraph {
    /// The session.
    pub session: Session,
    /// The number that the program gives it.
    pub number: u32,
}

impl Op {
    /// Whether the call takes a stream, and so a line of an explicit graph must name one.
    pub const fn takes_stream(self) -> bool {
        !matches!(
            self,
            Self::CopySync
                | Self::FillSync(_)
                | Self::Sync(_)
                | Self::Query(_)
                | Self::Elapsed(..)
                | Self::Destroy(_)
                | Self::Exchange(_)
                | Self::Cond(_)
                | Self::Segment
                | Self::Capture(_)
                | Self::Dump { .. }
                | Self::DumpHandle { .. }
                | Self::Call(_)
                | Self::Init
                | Self::Print
                | Self::Expect
                | Self::LoadModel(_)
                | Self::UnloadModel(_)
                | Self::ExecuteModelSync(_)
                | Self::GeAdd { .. }
                | Self::GeCompile(_)
                | Self::GeRunSync(_)
                | Self::GeRemove(_)
        )
    }

    /// Whether a body with it can still be rearranged by what tasks read, write and wait for alone.
    pub const fn is_straight(self) -> bool {
        !matches!(
            self,
            // What a cache holds depends on more than what tasks read and write.
            Self::Cache(_)
                | Self::Cond(_)
                | Self::AddCond { .. }
                | Self::UpdateBegin(_)
                | Self::UpdateEnd
                | Self::Segment
                | Self::Capture(_)
        ) && !self.is_bare_call()
    }

    /// Whether it is one of the calls that blocks are made of, or any other call by itself: what it does to the lines behind it
    /// does not follow from the text.
    pub const fn is_bare_call(self) -> bool {
        matches!(
            self,
            Self::CaptureBegin { .. }
                | Self::CaptureEnd(_)
                | Self::GroupBegin
                | Self::GroupEnd(_)
                | Self::ExecuteHandle(_)
                | Self::DumpHandle { .. }
                | Self::Call(_)
        )
    }
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// A number with a point or exponent, with the text it was written as.
    Float(f64, Symbol),
    /// A size in bytes, `4KiB`; a plain number is an `Int`.
    Size(u64),
    /// A duration, `12.5us`.
    Duration(Cost),
    /// `true` or `false`.
    Bool(bool),
    /// A quoted text.
    Text(Symbol),
    /// A bare word that names none of the file's declarations: `batch`, `aivec`.
    Word(Symbol),
    /// A data type.
    DType(acg_operators::DType),
    /// A buffer or part of one: an optional tensor given by name.
    Operand(Operand),
    /// `[1, 2]`.
    List(List<Value>),
}

/// `alpha = 1.1` among an operator's arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute {
    /// The parameter's name.
    pub name: Symbol,
    /// Its value.
    pub value: Value,
}

/// A duration in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(pub u64);

/// One task.
#[derive(Clone, Copy, Debug)]
pub struct TaskData {
    /// What it does.
    pub op: Op,
    /// The stream; `None` in `auto` graphs and for calls that take none.
    pub stream: Option<Stream>,
    /// What it reads, as written: the positional tensors of an operator.
    pub inputs: List<Operand>,
    /// What it writes.
    pub outputs: List<Operand>,
    /// How the inputs group into positional arguments; empty when each is a single tensor.
    pub input_forms: RareList<ArgumentForm>,
    /// How the outputs group into results; empty when each is a single tensor.
    pub output_forms: RareList<ArgumentForm>,
    /// Named arguments.
    pub arguments: RareList<Attribute>,
    /// Trailing attributes, `[kernel = "Add_ab12", blocks = 8, cost = 12.5us]`.
    pub attributes: List<Attribute>,
    /// Its name, `as up`.
    pub name: Option<Symbol>,
    /// Names after which it must run, `after up, down`, in `Module::values` as words.
    pub after: RareList<Value>,
}

impl TaskData {
    /// A task without operands.
    pub fn new(op: Op, stream: Option<Stream>) -> Self {
        Self {
            op,
            stream,
            inputs: List::default(),
            outputs: List::default(),
            input_forms: RareList::default(),
            output_forms: RareList::default(),
            arguments: RareList::default(),
            attributes: List::default(),
            name: None,
            after: RareList::default(),
        }
    }
}

// There are as many as lines: what few of them have stands elsewhere.
const _: () = assert!(size_of::<TaskData>() == 64);
