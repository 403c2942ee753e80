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
    /// A C struct, `{a, b}`; fields from the position on may be left out at the end.
    Struct(&'static [Param], usize),
    /// A C array, `[a, b]`, or a `name` for one the log does not spell out, or `NULL`.
    List(&'static Kind),
    /// Anything at all, for parameters that differ from operator to operator.
    Any,
}

impl Kind {
    /// Whether a bare number in this place is a number, and not the name of a handle.
    pub const fn takes_numbers(self) -> bool {
        matches!(
            self,
            Self::Int
                | Self::Value
                | Self::Enum(_)
                | Self::Flags(_)
                | Self::Number(_)
                | Self::Exchange(_)
                | Self::Any
        )
    }

    /// What a message calls an argument of this kind, with its article.
    pub fn words(self) -> String {
        match self {
            Self::In(handle) => format!("{} or `NULL`", handle.words()),
            Self::Out(handle) => format!("`&name` for {}, or `NULL`", handle.words()),
            Self::OutAddress => "`&name` for an allocation, or `NULL`".to_owned(),
            Self::OutValue => "`&name` for a value, or `NULL`".to_owned(),
            Self::OutArray => "the name of an array, or `NULL`".to_owned(),
            Self::Exchange(ty) => format!("`&` and an enumerator of {}, or `NULL`", ty.name),
            Self::Int => "a whole number".to_owned(),
            Self::Value => "a number or a name".to_owned(),
            Self::Enum(ty) | Self::Number(ty) => format!("an enumerator of {} or a number", ty.name),
            Self::Flags(ty) => format!("{}s joined by `|`, or a number", ty.name),
            Self::Address => "an address (`name`, `name+bytes` or `NULL`)".to_owned(),
            Self::Addresses => "a name, a list of addresses, or `NULL`".to_owned(),
            Self::Text => "a string or `NULL`".to_owned(),
            Self::Kernel => "a kernel (`Name{aivec}`)".to_owned(),
            Self::Function => "a function's name or `NULL`".to_owned(),
            Self::Struct(fields, _) => {
                let fields: Vec<_> = fields.iter().map(|field| field.name).collect();
                format!("a struct `{{{}}}`", fields.join(", "))
            }
            Self::List(_) => "a list `[a, b]`, a name, or `NULL`".to_owned(),
            Self::Any => "an argument".to_owned(),
        }
    }
}

/// A parameter of a C prototype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
}
