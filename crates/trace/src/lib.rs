//! What a dump means: streams and their roles, which wait waits for which record, what happens before what.
//!
//! `acg-dump` turns bytes into records and looks at nothing else; this crate knows what the records are to each other.
//!
//! ```text
//! read_any(bytes) ──▶ OwnedDump ──Trace::of──▶ Trace ──┬──▶ Order::of        what happens before what
//!                                                      └──▶ fingerprint      the same graph under other ids
//! ```

mod circle;
mod fingerprint;
mod happens_before;
mod kernel_name;
mod kind;
mod links;
mod model;
mod pairing;
mod parts;
mod signal;
mod streams;

pub use fingerprint::Fingerprint;
pub use happens_before::Order;
pub use kernel_name::stem;
pub use kind::{Core, Kind};
pub use links::Links;
pub use model::{Group, GroupId, Lane, LaneId, Part, Role, Stream, StreamId, Task, TaskId, Trace};
pub use signal::Signal;
