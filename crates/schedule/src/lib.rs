//! Streams, order and synchronisation of a task graph: bounds, exact answers where they are within reach, and schedules.
//!
//! Plain flat arrays in, plain flat arrays out: this crate knows durations and engines and nothing of the language. Tasks are
//! numbers in a topological order. Times are nanoseconds.

mod cover;
mod dag;
mod device;
mod events;
mod plan;
mod reduction;
mod stab;
mod syncs;

pub use cover::{Cover, Front, Point};
pub use dag::{Dag, Engine};
pub use device::Device;
pub use events::{Events, colour_events};
pub use plan::{Plan, Sync};
pub use reduction::reduction;
pub use stab::{Give, SyncTasks, improve_syncs};
pub use syncs::{fewest_syncs, irredundant_syncs};
