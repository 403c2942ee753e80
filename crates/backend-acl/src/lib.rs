//! The ACL back end: a verified module becomes a sequence of ACL calls, and a C++ or Python program that makes them.
//!
//! | what | where |
//! |---|---|
//! | calls, in order, each with the line it comes from | [`lower`](lower()), [`Lowered`] |
//! | a C++17 program | [`emit_cpp`] |
//! | a Python program for `torch_npu` and pyACL | [`emit_python`] |
//! | what a task's attributes say about its launch | [`launch`] |
//!
//! The programs are printed from the calls of the log, so all forms make the same calls in the same order.
//!
//! **Invariant:** the order of calls is decided in [`lower`](lower()) only.

pub mod cpp;
pub mod emission;
pub mod launch;
pub mod lower;
pub mod python;
mod repetition;
mod source;
mod writer;

use acg_ir::binding;

pub use cpp::{emit_cpp, emit_lowered_cpp};
pub use emission::EmitOptions;
pub use lower::{Cause, Causes, Declaration, LowerOptions, Lowered, Origins, Phase, Problem, lower};
pub use python::{Unsaid, emit_python};
