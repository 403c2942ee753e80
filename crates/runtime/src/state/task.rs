//! Tasks as a graph stores them.

use acg_calls::{Core, Name};

use super::{CaptureEventId, EventId, InnerId, LaunchId, TaskId, WordId};

/// A kernel launch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kernel {
    /// Its name, where the log gives one.
    pub name: Option<Name>,
    /// The cores it runs on.
    pub core: Core,
    /// Number of blocks.
    pub blocks: u32,
    /// Schedule mode, 0 normal, 1 batch.
    pub schem: u32,
    /// Vector cores per cube core, of mixed kernels.
    pub ration: Option<u32>,
    /// Bytes of arguments.
    pub args: u32,
}

impl Kernel {
    /// What an update must keep: which cores the kernel runs on.
    pub fn kind(&self) -> Core {
        match self.core {
            Core::AiCube => Core::AiCore,
            core => core,
        }
    }
}

/// What a conditional task does with its branches; the numbers are those of `aclmdlRICondTaskType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CondType {
    /// One of two.
    If = 0,
    /// One, again and again.
    While = 1,
    /// One of many.
    Switch = 2,
}

impl CondType {
    /// The type with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::If),
            1 => Some(Self::While),
            2 => Some(Self::Switch),
            _ => None,
        }
    }
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Filler in front of a task group.
    Nop,
    /// A kernel.
    Kernel(LaunchId),
    /// A copy, or a fill on chips that make fills of copies.
    Copy,
    /// A fill.
    Fill,
    /// A reducing copy.
    Reduce,
    /// A cache operation.
    CacheOperation,
    /// Record of a captured event.
    Record(CaptureEventId),
    /// Wait for a captured event.
    Wait(CaptureEventId),
    /// Reset of a captured event, added when the capture ends.
    Reset(CaptureEventId),
    /// Record of an EXTERNAL event.
    ExternalRecord(EventId),
    /// Wait for an EXTERNAL event.
    ExternalWait(EventId),
    /// Reset of an EXTERNAL event.
    ExternalReset(EventId),
    /// Wait for the event behind a blocking callback.
    CallbackWait(u32),
    /// Reset of the event behind a blocking callback.
    CallbackReset(u32),
    /// Record with the external flag.
    FlaggedRecord(EventId),
    /// Wait with the external flag.
    FlaggedWait(EventId),
    /// Record of the notify with this driver id.
    NotifyRecord(u32),
    /// Wait for the notify with this driver id.
    NotifyWait(u32),
    /// Write of a value in device memory.
    ValueWrite(WordId),
    /// Wait for a value in device memory.
    ValueWait(WordId),
    /// A host function or callback.
    HostFunction,
    /// Start of the hidden stream that continues this one.
    StreamActive(InnerId),
    /// A conditional task.
    Condition(CondType),
}

impl Work {
    /// What a message calls it, with its article.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Nop => "a filler task",
            Self::Kernel(_) => "a kernel",
            Self::Copy => "a copy",
            Self::Fill => "a fill",
            Self::Reduce => "a reducing copy",
            Self::CacheOperation => "a cache operation",
            Self::Record(_) | Self::ExternalRecord(_) | Self::FlaggedRecord(_) => "an event record",
            Self::Wait(_) | Self::ExternalWait(_) | Self::FlaggedWait(_) | Self::CallbackWait(_) => {
                "an event wait"
            }
            Self::Reset(_) | Self::ExternalReset(_) | Self::CallbackReset(_) => "an event reset",
            Self::NotifyRecord(_) => "a notify record",
            Self::NotifyWait(_) => "a notify wait",
            Self::ValueWrite(_) => "a value write",
            Self::ValueWait(_) => "a value wait",
            Self::HostFunction => "a host function",
            Self::StreamActive(_) => "a stream activation",
            Self::Condition(_) => "a conditional task",
        }
    }

    /// Whether it records any event.
    pub fn is_record(&self) -> bool {
        matches!(self, Self::Record(_) | Self::ExternalRecord(_))
    }
}

/// A stored task.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// The hidden stream it is on.
    pub inner: InnerId,
    /// The next task there.
    pub next: Option<TaskId>,
    /// Its number there, as dumps print it.
    pub number: u32,
    /// The call that stored it.
    pub call: u32,
    /// What it does.
    pub work: Work,
}

/// Text kept with a task: the first `size` bytes of `text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtendInfo {
    /// The string argument.
    pub text: Name,
    /// How many bytes of it, the terminating NUL included where the count reaches it.
    pub size: u32,
}
