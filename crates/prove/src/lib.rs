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
//! | bytes and the values in them | `memory` |
//! | what is ordered before what | `order` |
//! | the meaning of a graph | [`Meaning`] |
//! | whether two are the same | [`compare`] |
//! | when tasks start and end on a device | [`Timetable`] |
//!
//! The work is proportional to the accesses, the conflicts found and streams times waits.

mod compare;
mod digest;
mod meaning;
mod memory;
mod order;
mod timetable;

pub use compare::{Complaint, compare};
pub use meaning::Meaning;
pub use timetable::{Machine, Resource, Timetable};
