//! What a task touches, as a race detector takes and keeps it.

use acg_ir::{Extent, Place};

/// A task that a race is reported for: the caller's number of it, and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) task: u32,
    pub(crate) place: Place,
}

/// An access of a task.
#[derive(Clone, Copy, Debug)]
pub struct Touching<'t, R> {
    /// The caller's number of the task; it must not fall from one call of [`Detector::task`](crate::race::Detector::task) to the next.
    pub task: u32,
    /// The memory.
    pub root: R,
    /// Its first byte.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Which bytes, if not all of them.
    pub strided: Option<&'t Extent>,
    /// Whether it writes them.
    pub writes: bool,
}

impl<R> Touching<'_, R> {
    /// Its bytes.
    pub fn extent(&self) -> Extent {
        self.strided.cloned().unwrap_or_else(|| Extent::range(self.start, self.end))
    }

    /// Whether any byte is in both, which are of the same root.
    pub fn overlaps(&self, other: &Self) -> bool {
        let meets = self.start < other.end && other.start < self.end;
        let is_exact = self.strided.is_none() && other.strided.is_none();
        meets && (is_exact || self.extent().overlaps(&other.extent()))
    }
}

/// What a detector remembers accesses by.
pub trait Book<'t, R> {
    /// What stands for an access.
    type Entry: Copy;

    /// Enters an access of a task at `place`; called once for each, in their order.
    fn enter(&mut self, touching: &Touching<'t, R>, place: Place) -> Self::Entry;

    /// The access that an entry stands for.
    fn touching(&self, entry: Self::Entry) -> Touching<'t, R>;

    /// The place of its task.
    fn place(&self, entry: Self::Entry) -> Place;
}

/// A book whose entries are the accesses themselves, for callers who keep them nowhere else.
#[derive(Clone, Copy, Debug, Default)]
pub struct InFull;

impl<'t, R: Copy> Book<'t, R> for InFull {
    type Entry = (Touching<'t, R>, Place);

    fn enter(&mut self, touching: &Touching<'t, R>, place: Place) -> Self::Entry {
        (*touching, place)
    }

    fn touching(&self, entry: Self::Entry) -> Touching<'t, R> {
        entry.0
    }

    fn place(&self, entry: Self::Entry) -> Place {
        entry.1
    }
}
