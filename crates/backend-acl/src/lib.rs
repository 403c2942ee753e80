//! The ACL back end: a verified module becomes a sequence of ACL calls.
//!
//! | what | where |
//! |---|---|
//! | calls, in order, each with the line it comes from | [`lower`](lower()), [`Lowered`] |
//! | what a task's attributes say about its launch | [`launch`] |
//! | which operand stands for which C parameter | [`binding`] |
//!
//! **Invariant:** the order of calls is decided in [`lower`](lower()) only.

pub mod binding;
pub mod launch;
pub mod lower;

pub use lower::{Cause, Declaration, LowerOptions, Lowered, Phase, Problem, lower};
