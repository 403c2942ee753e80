//! The proof that a pass kept the meaning of a program. It shares no code with the passes.
//!
//! The meaning of a graph is what its tasks see. Memory is gone through symbolically, byte range by byte range: every byte holds a
//! value named by the task that made it, copies move values and make none. Two graphs mean the same if every task that works sees the same
//! values in both, and every buffer that can be looked at afterwards ends with the same values. That is true of all executions
//! and not only of program order where any two accesses that conflict are ordered by streams and events, which is
//! checked as well, by vector clocks over the result. So it does not matter what a pass did: placing, removing copies and sharing
//! addresses are all proved by the same comparison.
//!
//! | what | where |
//! |---|---|
//! | names for what bytes hold | `value` |
//! | bytes and the values in them; strided accesses of many rows | `memory`, `cells`, `layer` |
//! | what is ordered before what; conflicts that are not; what an order lost | `order`, `conflicts`, `lost` |
//! | what the lines of a module and of one graph say without looking at bytes; what tasks are to a proof | `outline`, `survey`, `tasks` |
//! | what a task does, apart from what it sees | `identity` |
//! | kernels that updates put in others' places | `updates` |
//! | the bytes that a task touches; operands of one task that share bytes | `touched`, `overlap` |
//! | blocks, declarations, events that are one graph's own or used again | `block`, `declared`, `private`, `reuse` |
//! | the host program; what it does once in place of a graph | `host`, `timeline`, `hoisted` |
//! | the meaning of a module; of one graph, gone through task by task | [`Meaning`], `sweep` |
//! | fetching what is looked at next | `ahead` |
//! | whether two are the same; what is gone; limits | [`compare`], [`removed`], [`within_limits`] |
//! | temporaries that share bytes one after the other, where nothing else changed | [`are_apart`] |
//! | when the last task ends on a device; where no task waits for what it runs on | [`makespan`], `uncontended` |
//!
//! The work is proportional to the accesses, the conflicts found and streams times waits.

mod ahead;
mod block;
mod cells;
mod compare;
mod complaint;
mod conflicts;
mod declared;
mod digest;
mod hoisted;
mod host;
mod identity;
mod layer;
mod lost;
mod makespan;
mod meaning;
mod memory;
mod order;
mod outline;
mod overlap;
mod placement;
mod private;
mod reuse;
mod survey;
mod sweep;
mod tasks;
mod timeline;
mod touched;
mod uncontended;
mod updates;
mod value;

pub use compare::{compare, removed, within_limits};
pub use complaint::Complaint;
pub use makespan::{Machine, Resource, makespan};
pub use meaning::Meaning;
pub use placement::are_apart;
