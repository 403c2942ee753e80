//! The ACL back end: a verified module becomes a sequence of ACL calls, and a C++ program that makes them.
//!
//! | what | where |
//! |---|---|
//! | calls, in order, each with the line it comes from | [`lower`](lower()), [`Lowered`] |
//! | a C++17 program | [`emit_cpp`] |
//! | what a task's attributes say about its launch | [`launch`] |
//!
//! The C++ program is printed from the calls of the log, so both forms make the same calls in the same order.
//!
//! **Invariant:** the order of calls is decided in [`lower`](lower()) only.

pub mod cpp;
pub mod launch;
pub mod lower;

use acg_ir::binding;

pub use cpp::{CppOptions, emit_cpp};
pub use lower::{Cause, Declaration, LowerOptions, Lowered, Phase, Problem, lower};
