//! Host threads: the exchange value, the modes of captures begun, the current context.

use super::{ContextId, Mode, TaskId};

/// A host thread.
#[derive(Clone, Copy, Debug)]
pub struct Thread {
    /// What `aclmdlRICaptureThreadExchangeMode` set.
    pub exchange: Mode,
    /// How many live captures this thread is counted for, by mode.
    pub begun: [u32; 3],
    /// The current context.
    pub context: ContextId,
    /// The task that this thread stored last.
    pub last_task: Option<TaskId>,
    /// The call that set an exchange value other than GLOBAL.
    pub exchanged_by: Option<u32>,
}

impl Thread {
    /// A thread that has done nothing yet.
    pub fn new(context: ContextId) -> Self {
        Self { exchange: Mode::Global, begun: [0; 3], context, last_task: None, exchanged_by: None }
    }

    /// The strictest mode among captures begun here.
    pub fn strictest(&self) -> Option<Mode> {
        strictest(&self.begun)
    }
}

/// The strictest mode that has a count.
pub(super) fn strictest(counts: &[u32; 3]) -> Option<Mode> {
    [Mode::Global, Mode::ThreadLocal, Mode::Relaxed].into_iter().find(|&mode| counts[mode as usize] > 0)
}
