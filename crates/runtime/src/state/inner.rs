//! Hidden streams: each stores the tasks of one captured stream, and is continued by another one when it is full.

use super::{GroupId, ModelId, StreamId, TaskId};

/// A hidden stream.
#[derive(Clone, Debug)]
pub struct Inner {
    /// The driver's number for it.
    pub driver_id: u32,
    /// The graph it belongs to.
    pub model: ModelId,
    /// The stream whose tasks it stores.
    pub stream: StreamId,
    /// Whether that stream is the origin of the capture.
    pub is_origin: bool,
    /// Whether no other hidden stream continues it.
    pub is_last: bool,
    /// First task.
    pub first: Option<TaskId>,
    /// Last task.
    pub last: Option<TaskId>,
    /// How many tasks it has.
    pub tasks: u32,
    /// How many queue entries they take.
    pub entries: u32,
    /// The driver's number of the event, on 950 the notify, by which its host functions report.
    pub callback_signal: Option<u32>,
    /// The group that its tasks are added to.
    pub group: Option<GroupId>,
    /// Whether a refused task blocks its queue, so that every later one is refused too.
    pub is_jammed: bool,
}

impl Inner {
    /// An empty hidden stream.
    pub fn new(driver_id: u32, model: ModelId, stream: StreamId, is_origin: bool) -> Self {
        Self {
            driver_id,
            model,
            stream,
            is_origin,
            is_last: true,
            first: None,
            last: None,
            tasks: 0,
            entries: 0,
            callback_signal: None,
            group: None,
            is_jammed: false,
        }
    }
}
