//! The model of a device that schedules are timed by.

/// How a device runs streams.
///
/// A stream is a first-in first-out queue: its head starts when the task before it has ended and every event that it waits for
/// has fired. A kernel occupies one slot; each direction of copies has one engine. Of several that could start at once, the
/// smallest task goes first. Nothing is interrupted, and sharing slows nothing down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// How many kernels run at once; `None` for as many as there are.
    pub slots: Option<u32>,
    /// From the end of a task to the start of one that waits for its event on another stream, in nanoseconds.
    pub sync_latency: u64,
}

impl Default for Device {
    fn default() -> Self {
        Self { slots: None, sync_latency: 1_500 }
    }
}
