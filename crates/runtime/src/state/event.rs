//! Events of the program, and the internal events that captured records make.

use acg_calls::Name;

use super::{CaptureEventId, ContextId, EventId, InnerId, ModelId, StreamId};

/// Event flags by the bits of the ACL header.
pub mod flag {
    /// Streams may wait for it.
    pub const SYNC: u32 = 0x1;
    /// The host may wait for it.
    pub const PROGRESS: u32 = 0x2;
    /// It keeps time stamps.
    pub const TIME_LINE: u32 = 0x8;
    /// Only the device uses it.
    pub const DEVICE_USE_ONLY: u32 = 0x10;
    /// It is an ordinary graph task and joins no streams.
    pub const EXTERNAL: u32 = 0x20;
    /// It is shared between processes.
    pub const IPC: u32 = 0x40;
    /// What `aclrtCreateEvent` implies.
    pub const PLAIN: u32 = 0x0E;
}

/// Which function made an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `aclrtCreateEvent`.
    Plain,
    /// `aclrtCreateEventWithFlag`.
    WithFlag,
    /// `aclrtCreateEventExWithFlag`.
    Ex,
}

/// An event of the program.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name in the log.
    pub name: Name,
    /// Which function made it.
    pub origin: Origin,
    /// Its flags.
    pub flags: u32,
    /// The context it was made in.
    pub context: ContextId,
    /// The call that made it.
    pub made_by: u32,
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
    /// The driver's number, while it has one.
    pub driver_id: Option<u32>,
    /// The last record that ran at once: the call.
    pub recorded_by: Option<u32>,
    /// The last call that tried to record it, whether or not that worked.
    pub record_tried_by: Option<u32>,
    /// Whether it was reset after that.
    pub is_reset: bool,
    /// The internal event of its latest captured record.
    pub captured: Option<CaptureEventId>,
    /// The flag of its first record, whether or not that succeeded, and the call.
    pub record_flag: Option<(u32, u32)>,
    /// The flag of its first wait, whether or not that succeeded, and the call.
    pub wait_flag: Option<(u32, u32)>,
    /// The last task of a graph that uses it as EXTERNAL event or with the external flag: the call and the graph.
    pub user: Option<(u32, ModelId)>,
    /// The last captured record of a capture that has ended: the call.
    pub ended_record: Option<u32>,
    /// The last record or wait on a stream bound by the build API: the call and the stream.
    pub bound_use: Option<(u32, StreamId)>,
    /// The streams that wait for it since it was last recorded or reset, two at most, and the call of each.
    pub waits: [Option<(StreamId, u32)>; 2],
}

impl Event {
    /// Whether it was made by `aclrtCreateEventExWithFlag`.
    pub fn is_ex(&self) -> bool {
        self.origin == Origin::Ex
    }

    /// Whether it is an EXTERNAL event.
    pub fn is_external(&self) -> bool {
        self.flags == flag::EXTERNAL
    }

    /// Whether no stream can ever wait for it.
    pub fn has_no_wait(&self) -> bool {
        let marks = flag::PROGRESS | flag::TIME_LINE;
        self.origin != Origin::Plain && self.flags & marks != 0 && self.flags & !marks == 0
    }
}

/// What an internal event is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A hardware event with this driver id.
    Hardware(u32),
    /// A word of device memory at this address, once recorded.
    Memory(Option<u64>),
}

/// An internal event.
#[derive(Clone, Copy, Debug)]
pub struct CaptureEvent {
    /// The event of the program it stands for.
    pub event: EventId,
    /// The hidden stream that was current when it was made.
    pub inner: InnerId,
    /// What it is made of.
    pub signal: Signal,
    /// The call that made it.
    pub made_by: u32,
    /// Whether its record was stored.
    pub is_recorded: bool,
    /// The first wait that was stored for it: the call.
    pub waited_by: Option<u32>,
    /// Whether the origin waits for it.
    pub is_waited_by_origin: bool,
}
