//! A schedule: which stream a task is on, in which order tasks are issued, and which waits there are.

use crate::rows::Rows;

/// `after` waits for an event recorded right after `before`, on another stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sync {
    /// The task after which the event is recorded.
    pub before: u32,
    /// The task in front of which its stream waits.
    pub after: u32,
}

/// A schedule of all tasks of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The stream of each task: `0..streams`, numbered in the order of first use in `order`.
    pub stream_of: Vec<u32>,
    /// How many streams there are.
    pub streams: u32,
    /// All tasks in the order of issue, a linear extension of dependences and syncs; each stream's order is its part of it.
    pub order: Vec<u32>,
    /// Waits, sorted by waiting task, then by recorded task. Empty until syncs are placed.
    pub syncs: Vec<Sync>,
}

impl Plan {
    /// Of each task those that it waits for, in the order of the syncs.
    pub fn waits(&self) -> Rows<u32> {
        waits(&self.syncs, self.stream_of.len())
    }

    /// Of each task those that wait for it, in the order of the syncs.
    pub(crate) fn waiting(&self) -> Rows<u32> {
        Rows::new(self.stream_of.len(), self.syncs.iter().map(|sync| (sync.before, sync.after)))
    }
}

/// Of each of so many tasks those that it waits for, in the order of `syncs`.
pub(crate) fn waits(syncs: &[Sync], tasks: usize) -> Rows<u32> {
    Rows::new(tasks, syncs.iter().map(|sync| (sync.after, sync.before)))
}
