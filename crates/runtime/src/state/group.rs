//! Task groups and their updates.

use super::{ModelId, StreamId, TaskId};

/// A task group: the kernels between group begin and group end.
#[derive(Clone, Debug)]
pub struct Group {
    /// The graph it is in.
    pub model: ModelId,
    /// The call that opened it.
    pub opened_by: u32,
    /// Its kernels.
    pub tasks: Vec<TaskId>,
    /// The stream that is updating it.
    pub updated_on: Option<StreamId>,
    /// The kernel that the next launch of that update replaces.
    pub next: u32,
}
