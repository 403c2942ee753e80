//! What a run of lines says, before names are resolved: flat arrays of statements that hold byte ranges and numbers.
//!
//! Chunks are read in parallel and resolved in order, so a tree owns nothing of the parser's and borrows nothing.
//!
//! **Invariant:** every [`Text`] is a range of the whole file, on character boundaries.

use acg_diagnostics::{Diagnostic, FileId, Span};
use acg_ir::{
    ArgumentForm, CacheKind, Compare, ConditionalKind, Cost, DType, HostMemory, List, Mode, ReduceKind,
    SliceDim,
};

/// A range of bytes of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Text {
    pub(crate) fn of(self, file: &str) -> &str {
        &file[self.start as usize..self.end as usize]
    }

    pub(crate) fn len(self) -> u32 {
        self.end - self.start
    }

    pub(crate) fn span(self, file: FileId) -> Span {
        Span::new(file, self.start, self.end)
    }

    /// From the start of `self` to the end of `last`.
    pub(crate) fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// The statements of one chunk and the pools that they refer to.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) statements: Vec<Statement>,
    pub(crate) names: Vec<Text>,
    pub(crate) operands: Vec<OperandSyntax>,
    pub(crate) slice_dims: Vec<SliceDim>,
    pub(crate) forms: Vec<ArgumentForm>,
    pub(crate) attributes: Vec<AttributeSyntax>,
    pub(crate) values: Vec<(Text, ValueSyntax)>,
    pub(crate) extents: Vec<u64>,
    /// Comments at the ends of statement lines, with the index of the last statement of that line.
    pub(crate) trailing: Vec<(u32, Text)>,
}

impl Tree {
    /// Makes room for so many common lines.
    pub(crate) fn reserve(&mut self, lines: usize) {
        self.statements.reserve(lines);
        self.operands.reserve(4 * lines);
        self.attributes.reserve(2 * lines);
    }
}

/// One statement and the bytes of its line, without a comment.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) text: Text,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Target {
        profile: Text,
        cann: Option<Text>,
        hdk: Option<Text>,
    },
    Buffers {
        space: SpaceWord,
        names: List<Text>,
        ty: TypeSyntax,
        memory: Option<HostMemory>,
    },
    View {
        space: SpaceWord,
        name: Text,
        base: OperandSyntax,
        ty: Option<TypeSyntax>,
    },
    Streams {
        names: List<Text>,
        is_default: bool,
        priority: Option<u32>,
        flags: List<Text>,
        subscribed: bool,
    },
    Events {
        names: List<Text>,
        flags: List<Text>,
    },
    Notifies(List<Text>),
    /// `graph NAMES`.
    Handles(List<Text>),
    /// `thread NAMES`, `lock NAMES` or `context NAMES`.
    HostNames(HostNoun, List<Text>),
    /// `model NAME = om PATH`.
    Model {
        name: Text,
        path: Text,
    },
    /// The header of a block.
    Open(Header),
    /// `} else on STREAM {`.
    Else(BranchSyntax),
    Close,
    Task(TaskSyntax),
    /// A line that could not be read.
    Bad {
        diagnostic: Box<Diagnostic>,
        brace: Brace,
        declared: List<Text>,
    },
}

/// What opens a block.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Header {
    /// `graph NAME on ORIGIN mode MODE {`; without an origin it is `auto`.
    Graph { name: Text, origin: Option<Text>, mode: Option<Mode> },
    /// `run {`.
    Run,
    /// `NAME {`.
    Stream(Text),
    /// `relaxed {`.
    Relaxed,
    /// `STREAM: group NAME {`.
    Group { stream: Option<Text>, name: Text },
    /// `STREAM: update GRAPH.GROUP {`.
    Update { stream: Option<Text>, name: Text },
    /// `STREAM: if COND on STREAM {` and `while`.
    Conditional { stream: Option<Text>, kind: ConditionalKind, cond: Text, branch: BranchSyntax },
    /// `STREAM: switch COND {`.
    Switch { stream: Option<Text>, cond: Text },
    /// `case on STREAM {`.
    Case(BranchSyntax),
    /// `repeat 8 {`.
    Repeat(u64),
    /// `thread NAME {`, `lock NAME {` or `context NAME {`.
    Host(HostNoun, Text),
    /// `ge session NAME {`.
    Session(Text),
}

/// `on STREAM mode MODE`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BranchSyntax {
    pub(crate) text: Text,
    pub(crate) origin: Text,
    pub(crate) mode: Option<Mode>,
}

/// What the host program has of which only names are declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostNoun {
    Thread,
    Lock,
    Context,
}

/// What a line that is not understood does to the nesting of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brace {
    None,
    Opens,
    Closes,
    /// `} else {`.
    ClosesAndOpens,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpaceWord {
    Host,
    Device,
    Temp,
}

impl SpaceWord {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Device => "device",
            Self::Temp => "temp",
        }
    }
}

/// `f32[4, 2]`; `dtype` is the word, which may name no type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeSyntax {
    pub(crate) text: Text,
    pub(crate) dtype: Text,
    pub(crate) extents: List<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct OperandSyntax {
    pub(crate) name: Text,
    /// The name and its slice.
    pub(crate) text: Text,
    pub(crate) slice: Option<List<SliceDim>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeSyntax {
    pub(crate) name: Text,
    pub(crate) text: Text,
    pub(crate) value: ValueSyntax,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ValueSyntax {
    Int(i64),
    /// The number; its text is the value's.
    Float(f64),
    Size(u64),
    Duration(Cost),
    /// A string with its quotes.
    Quoted,
    /// A word or a buffer, perhaps sliced.
    Name(OperandSyntax),
    List(List<(Text, ValueSyntax)>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskSyntax {
    pub(crate) stream: Option<Text>,
    pub(crate) op: OpSyntax,
    /// The first word of the task and what belongs to it, without the tail.
    pub(crate) head: Text,
    pub(crate) inputs: List<OperandSyntax>,
    pub(crate) outputs: List<OperandSyntax>,
    pub(crate) input_forms: List<ArgumentForm>,
    pub(crate) output_forms: List<ArgumentForm>,
    pub(crate) arguments: List<AttributeSyntax>,
    pub(crate) name: Option<Text>,
    pub(crate) after: List<Text>,
    pub(crate) attributes: List<AttributeSyntax>,
}

impl TaskSyntax {
    /// A task without operands.
    pub(crate) fn new(stream: Option<Text>, op: OpSyntax, head: Text) -> Self {
        Self {
            stream,
            op,
            head,
            inputs: List::default(),
            outputs: List::default(),
            input_forms: List::default(),
            output_forms: List::default(),
            arguments: List::default(),
            name: None,
            after: List::default(),
            attributes: List::default(),
        }
    }
}

/// [`acg_ir::Op`] with names in place of entities.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OpSyntax {
    Copy,
    CopySync,
    Copy2d,
    CopyBatch,
    Fill(u8),
    FillSync(u8),
    Reduce(ReduceKind),
    Cache(CacheKind),
    Operator(Text),
    Kernel(Text),
    Record {
        name: Text,
        external: bool,
    },
    Wait {
        name: Text,
        external: bool,
    },
    Reset(Text),
    WriteValue(u64),
    WaitValue(Compare, u64),
    Callback {
        function: Text,
        block: bool,
    },
    HostFunc(Text),
    SyncDevice,
    SyncEvent(Text),
    SyncStream(Text),
    QueryEvent(Text),
    QueryStream(Text),
    Elapsed(Text, Text),
    Destroy(Text),
    Execute(Text),
    Exchange(Mode),
    Cond {
        name: Text,
        default: Option<i64>,
        flag: Option<u32>,
    },
    AddCond {
        kind: ConditionalKind,
        name: Text,
        branches: u32,
        models: List<Text>,
    },
    CaptureBegin {
        into: Option<Text>,
        mode: Mode,
    },
    CaptureEnd(Text),
    GroupBegin,
    GroupEnd(Text),
    /// The whole of `aclrtQueryEvent(e, &status)`.
    Call(Text),
    UpdateBegin(Text),
    UpdateEnd,
    Segment,
    Capture(Text),
    Dump {
        graph: Text,
        path: Text,
        verbose: bool,
    },
    /// The values are the arguments.
    Init,
    Print,
    /// The value, and how far it may be away, are the arguments.
    Expect,
    ExecuteModel(Text),
    ExecuteModelSync(Text),
    LoadModel(Text),
    UnloadModel(Text),
    GeAdd {
        number: u32,
        path: Text,
        clone: bool,
    },
    GeCompile(u32),
    GeLoad(u32),
    GeRun(u32),
    GeRunSync(u32),
    GeRemove(u32),
}

/// The element type that a word names, `bytes` excepted.
pub(crate) fn dtype(word: &str) -> Option<DType> {
    word.parse().ok()
}
