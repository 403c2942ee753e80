//! Streams, order and synchronisation of a task graph: bounds, exact answers where they are within reach, and schedules.
//!
//! Plain flat arrays in, plain flat arrays out: this crate knows durations and engines and nothing of the language. Tasks are
//! numbers in a topological order. Times are nanoseconds.

mod bounds;
mod cover;
mod dag;
mod device;
mod events;
mod exact;
mod improve;
mod lighten;
mod list;
mod plan;
mod reduction;
mod refute;
mod rows;
mod schedule;
mod segments;
mod simulate;
mod stab;
mod syncs;
#[cfg(test)]
mod truth;
mod waits;

pub use bounds::{Bound, BoundKind, quick_bounds};
pub use cover::{Cover, Front, Point};
pub use dag::{Dag, Engine};
pub use device::Device;
pub use events::{Events, colour_events};
pub use lighten::{Patience, Scales, Weight, about_as_short, lighten};
pub use list::{Placement, Reversed, Rule, Streams, place, tails, upward_rank};
pub use plan::{Plan, Sync};
pub use reduction::reduction;
pub use rows::Rows;
pub use schedule::{Effort, MOST_STREAMS, Options, Schedule, schedule};
pub use segments::{Segment, Segments, cuts};
pub use simulate::{Timetable, simulate};
pub use stab::{Give, SyncTasks, improve_syncs};
pub use syncs::{fewest_syncs, irredundant_syncs};
