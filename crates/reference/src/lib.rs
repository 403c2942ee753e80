//! The reference executor: what a program computes, on ordinary memory.
//!
//! [`Program`] makes a module ready, [`run`] executes it: the host program, eager work, and graphs as they were captured. Streams run under
//! happens-before alone, so a [`Schedule`] can interleave them in every way that a device may. Memory is bytes; operators
//! read and write elements of it.
//!
//! | what | where |
//! |---|---|
//! | buffers as bytes, which views share | [`Memory`] |
//! | elements as bytes, numbers and text | `element`, `minifloat`, `number` |
//! | what operators compute, a file a family | `operators` |
//! | what one task does | `evaluate` |
//! | results that acg does not know | `stand_in`, `taint` |
//! | captures as lanes of nodes | [`Program`] |
//! | streams, and what runs next | `executor`, `interleave`, `signals`, `words` |
//! | executions of graphs, conditional tasks | `graph_run` |
//! | the host program | `host` |
//! | what nothing orders | `races` |
//! | what goes wrong | [`Fault`], [`Unmet`], [`RacePair`] |
//! | the same as diagnostics | [`rules`] |
//! | whether schedules agree | [`Outcome::difference`] |
//!
//! **Invariant:** an execution follows from the module and the [`Options`] alone, and ends.

mod compare;
mod element;
mod evaluate;
mod executor;
mod fault;
mod graph_run;
mod host;
mod interleave;
mod memory;
mod minifloat;
mod number;
mod operators;
mod overlap;
mod program;
mod races;
mod random;
pub mod rules;
mod show;
mod signals;
mod stand_in;
mod taint;
mod words;

pub use executor::{Options, Outcome, TASK_STEPS, run};
pub use fault::{Fault, FaultKind, Line, RacePair, Site, Unmet};
pub use interleave::Schedule;
pub use memory::Memory;
pub use number::Number;
pub use operators::has_numerics;
pub use program::Program;
pub use rules::RULES;
