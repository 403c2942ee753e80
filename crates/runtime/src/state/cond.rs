//! Conditional handles and the branches of the tasks that use them.

use acg_calls::Name;

use super::ModelId;

/// A conditional handle.
#[derive(Clone, Debug)]
pub struct Cond {
    /// Its name in the log.
    pub name: Option<Name>,
    /// The graph it was made for.
    pub model: ModelId,
    /// The call that made it.
    pub made_by: u32,
    /// The call that added the task using it.
    pub used_by: Option<u32>,
    /// The branches of that task.
    pub branches: Vec<ModelId>,
    /// The notify by which its branches tell that they have run to the end, once the graph was executed.
    pub end_notify: Option<u32>,
}
