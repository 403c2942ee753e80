//! What a parameter of an ACL function takes.

use crate::enums::EnumType;

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// `aclrtStream`.
    Stream,
    /// `aclrtEvent`.
    Event,
    /// `aclrtNotify`.
    Notify,
    /// `aclrtCntNotify`.
    CntNotify,
    /// `aclmdlRI`.
    Model,
    /// `aclrtTaskGrp`.
    TaskGroup,
    /// `aclmdlRITask`.
    Task,
    /// `aclmdlRICondHandle`.
    CondHandle,
    /// `aclrtLabel`.
    Label,
    /// `aclrtLabelList`.
    LabelList,
    /// `aclrtContext`.
    Context,
    /// A model loaded from a file, `uint32_t modelId`.
    LoadedModel,
    /// `aclOpExecutor`.
    Executor,
    /// A kernel argument list or launch configuration made by other calls.
    LaunchArgs,
    /// `aclrtMemPool`.
    MemPool,
    /// `aclrtBinHandle`.
    Binary,
    /// `ge::GeSession`.
    Session,
    /// A lock of the host program.
    Lock,
}

impl Handle {
    /// What a message calls it, with its article.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stream => "a stream",
            Self::Event => "an event",
            Self::Notify => "a notify",
            Self::CntNotify => "a count notify",
            Self::Model => "a model",
            Self::TaskGroup => "a task group",
            Self::Task => "a task",
            Self::CondHandle => "a conditional handle",
            Self::Label => "a label",
            Self::LabelList => "a label list",
            Self::Context => "a context",
            Self::LoadedModel => "a loaded model",
            Self::Executor => "an executor",
            Self::LaunchArgs => "a launch argument handle",
            Self::MemPool => "a memory pool",
            Self::Binary => "a kernel binary",
            Self::Session => "a session",
            Self::Lock => "a lock",
        }
    }
}

/// What a parameter takes, and so which forms of argument the log may have there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A handle: `name` or `NULL`.
    In(Handle),
    /// Where the call puts a new handle: `&name` or `NULL`.
    Out(Handle),
    /// Where the call puts an allocation's address: `&name` or `NULL`.
    OutAddress,
    /// Where the call puts a plain value: `&name` or `NULL`.
    OutValue,
    /// An array that the call fills: `name` or `NULL`.
    OutArray,
    /// An enumerator that the call reads and replaces: `&ENUMERATOR` or `NULL`.
    Exchange(&'static EnumType),
    /// A whole number.
    Int,
    /// A number or a name that stands for one the log does not know.
    Value,
    /// An enumerator, written by name.
    Enum(&'static EnumType),
    /// A set of flags, written by name.
    Flags(&'static EnumType),
    /// An enumerator that logs write as a number.
    Number(&'static EnumType),
    /// Memory: `name`, `name+bytes` or `NULL`.
    Address,
    /// A string or `NULL`.
    Text,
    /// A kernel, `Name{aivec, schem=1}`.
    Kernel,
    /// Several addresses: a name for all of them, a list `[a, b]`, or `NULL`.
    Addresses,
    /// A host function: `name` or `NULL`.
    Function,
    /// A C struct, `{a, b}`.
    Struct(&'static [Param]),
    /// A C array, `[a, b]`, or a `name` for one the log does not spell out, or `NULL`.
    List(&'static Kind),
    /// Anything at all, for parameters that differ from operator to operator.
    Any,
}

/// A parameter of a C prototype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
}
