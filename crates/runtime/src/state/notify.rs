//! Notifies and count notifies.

use acg_calls::Name;

use super::ModelId;

/// A notify.
#[derive(Clone, Copy, Debug)]
pub struct Notify {
    /// Its name in the log.
    pub name: Name,
    /// The driver's number.
    pub driver_id: u32,
    /// Whether it counts.
    pub counts: bool,
    /// The call that made it.
    pub made_by: u32,
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
    /// The last captured task that uses it: the call and the graph.
    pub user: Option<(u32, ModelId)>,
}

/// A label of the build API.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Its name in the log.
    pub name: Name,
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
}
