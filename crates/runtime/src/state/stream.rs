//! Streams of the program: eager, origin of a capture, or joined to one.

use acg_calls::Name;

use super::{ContextId, GroupId, InnerId, ModelId, ThreadId};

/// What `aclmdlRICaptureGetInfo` says about a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CaptureStatus {
    /// Work runs at once.
    #[default]
    None,
    /// Work is stored in a graph.
    Active,
    /// Work was being stored until a task could not be allocated.
    Invalidated,
}

/// How strictly a capture treats unsafe calls; the numbers are those of `aclmdlRICaptureMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Unsafe calls are refused to every thread of the context.
    Global = 0,
    /// Unsafe calls are refused to the capturing thread.
    ThreadLocal = 1,
    /// Unsafe calls are allowed.
    Relaxed = 2,
}

impl Mode {
    /// The mode with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Global),
            1 => Some(Self::ThreadLocal),
            2 => Some(Self::Relaxed),
            _ => None,
        }
    }

    /// The word that notes use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "GLOBAL",
            Self::ThreadLocal => "THREAD_LOCAL",
            Self::Relaxed => "RELAXED",
        }
    }
}

/// What a stream is doing with task groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GroupStatus {
    /// Nothing.
    #[default]
    None,
    /// Between group begin and group end.
    Sampling,
    /// Between update begin and update end.
    Updating,
}

/// Who runs a stream's host functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ReportThread {
    /// Nobody yet.
    #[default]
    None,
    /// A thread of the program, since this call of `aclrtSubscribeReport`.
    Subscribed(u32),
    /// The runtime's own thread, since this call of `aclrtLaunchHostFunc`.
    HostFunction(u32),
}

/// The kinds of stream flags that matter here; the bits are those of `aclrtCreateStreamWithConfig`.
pub mod flag {
    /// `ACL_STREAM_FAST_LAUNCH`.
    pub const FAST_LAUNCH: u32 = 1;
    /// `ACL_STREAM_PERSISTENT`.
    pub const PERSISTENT: u32 = 4;
    /// `ACL_STREAM_CPU_SCHEDULE`.
    pub const CPU_SCHEDULE: u32 = 16;
    /// `ACL_STREAM_DEVICE_USE_ONLY`.
    pub const DEVICE_USE_ONLY: u32 = 32;
}

/// A stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its name in the log; `None` for a default stream.
    pub name: Option<Name>,
    /// Creation flags.
    pub flags: u32,
    /// The context it was made in.
    pub context: ContextId,
    /// The driver's number for it.
    pub driver_id: u32,
    /// The call that made it.
    pub made_by: u32,
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
    /// Capture status.
    pub status: CaptureStatus,
    /// The hidden stream that takes its tasks now.
    pub inner: Option<InnerId>,
    /// The mode of the capture it is the origin of.
    pub mode: Option<Mode>,
    /// The thread that began that capture.
    pub begun_by: Option<ThreadId>,
    /// The call that began the capture on it or joined it.
    pub entered_by: u32,
    /// Task group status; the runtime keeps it over the end of a capture.
    pub group_status: GroupStatus,
    /// The group being updated.
    pub updating: Option<GroupId>,
    /// Who runs its host functions.
    pub report: ReportThread,
    /// The driver's number of the event, on 950 the notify, by which its callbacks report.
    pub callback_signal: Option<u32>,
    /// The graph it is bound to by the build API.
    pub bound_to: Option<ModelId>,
    /// Whether extend info is kept for its tasks.
    pub caches_op_info: bool,
    /// The call that ended its last capture.
    pub ended_by: Option<u32>,
    /// The begin that failed after its last good one.
    pub begin_failed: Option<u32>,
    /// The update begin that failed after its last good one.
    pub update_failed: Option<u32>,
    /// The last call that made it wait for an event at once.
    pub last_wait: Option<u32>,
    /// A wait that did not bring it into the capture that was open then.
    pub missed_join: Option<u32>,
    /// The last call that ran work on it at once.
    pub last_eager: Option<u32>,
}

impl Stream {
    /// A stream as creation leaves it.
    pub fn new(name: Option<Name>, flags: u32, context: ContextId, driver_id: u32, made_by: u32) -> Self {
        Self {
            name,
            flags,
            context,
            driver_id,
            made_by,
            destroyed_by: None,
            status: CaptureStatus::None,
            inner: None,
            mode: None,
            begun_by: None,
            entered_by: made_by,
            group_status: GroupStatus::None,
            updating: None,
            report: ReportThread::None,
            callback_signal: None,
            bound_to: None,
            caches_op_info: false,
            ended_by: None,
            begin_failed: None,
            update_failed: None,
            last_wait: None,
            missed_join: None,
            last_eager: None,
        }
    }

    /// Whether it waited for any event after `call`.
    pub fn waited_since(&self, call: u32) -> bool {
        self.last_wait.is_some_and(|wait| wait > call)
    }

    /// Whether its work goes into a graph, valid or not.
    pub fn is_capturing(&self) -> bool {
        self.status != CaptureStatus::None
    }
}
