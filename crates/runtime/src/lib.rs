//! The runtime model: replays a sequence of ACL calls the way the CANN runtime does.
//!
//! For every call it yields the return code and what else the call hands back, for every dump that the log prints its
//! records, and for everything that goes wrong a [`Finding`]: the rule, the evidence, the remedy.
//!
//! | what | where |
//! |---|---|
//! | what the runtime remembers, and its transitions | `state` |
//! | the checks of each family of calls, in the runtime's order | `handlers` |
//! | one file per rule: condition, message, evidence | `rules` |
//! | records of a dump | `dump` |
//!
//! **Invariants:** replaying never panics and is deterministic, whatever the log holds; a rule's condition stands in
//! exactly one place; findings are made only where something is wrong.

mod bindings;
mod dump;
mod finding;
mod handlers;
mod late;
mod machine;
mod note;
mod outcome;
mod refusal;
mod replay;
pub mod rules;
pub mod state;
mod target;

pub use finding::Finding;
pub use late::{LateDump, LateDumps};
pub use note::Note;
pub use outcome::{Outcome, Outcomes};
pub use replay::{Dumped, Replay, replay, replay_without_dumps};
pub use target::Target;
