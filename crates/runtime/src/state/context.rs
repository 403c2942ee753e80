//! Contexts: each has a default stream and counts the modes of its live captures.

use acg_calls::Name;

use super::{Mode, StreamId, ThreadId, thread::strictest};

/// A context.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its name in the log; `None` for a device's default context.
    pub name: Option<Name>,
    /// The device it is on.
    pub device: u32,
    /// Its default stream.
    pub default_stream: StreamId,
    /// How many live captures it has, by mode.
    pub modes: [u32; 3],
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
    /// The threads whose current context it has become, which it need not be any more.
    pub(crate) current_on: Vec<ThreadId>,
}

impl Context {
    /// The strictest mode among its live captures.
    pub fn strictest(&self) -> Option<Mode> {
        strictest(&self.modes)
    }
}
