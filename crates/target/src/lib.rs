//! Target profiles: which machine a program is compiled, checked and replayed for.
//!
//! A profile is a chip (its limits, one file in `chips/`) with a driver and firmware stack and a CANN release on it (one file
//! in `profiles/`). The seven profiles of the conformance corpus have that corpus's names; `ascend910b`, `ascend910c`,
//! `ascend950` and `ascend310p` are what people have today.
//!
//! **Invariant:** everything that differs between machines is data here; no other crate compares profile names.

mod catalog;
mod chip;
mod model;
mod profile;
mod quantity;
mod version;

pub use catalog::UnknownProfile;
pub use chip::{Chip, CodePath, Cores, Entries, Limits, QueueSize, Queues};
pub use model::{DeviceModel, ModelError, Transfer};
pub use profile::{CapturedEvents, Firmware, Profile, TaskQueue};
pub use version::{Cann, DumpFormat, Hdk, Stage, VersionError};
