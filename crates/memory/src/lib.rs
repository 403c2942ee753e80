//! Places buffers in device memory under concurrent streams.
//!
//! Two buffers may share addresses if and only if everything done with one is over before anything is done with the other. That is
//! a strict partial order on buffers, so that the heaviest antichain is a bound for every placement and is found exactly; how
//! close a placement comes to it is reported with it. Flat arrays in, flat arrays out: this crate knows sizes and orders and
//! nothing of the language.

mod accesses;
mod along;
mod antichain;
mod bound;
mod cliques;
mod clocks;
mod csv;
mod first_fit;
mod flow;
mod hand_over;
mod improve;
mod in_order;
mod instance;
mod intervals;
mod place;
mod problem;
mod random;
mod rows;
mod scaled;
mod search;
mod segments;
mod settled;
mod split;
mod sweep;
mod weighing;

pub use accesses::{AccessError, AccessLists, Accesses, Schedule};
pub use bound::{Bound, BoundKind, bound};
pub use csv::{CsvError, read_csv};
pub use instance::{Instance, InstanceError, Lifetimes};
pub use intervals::{IntervalError, Intervals};
pub use place::{Effort, Placement, place};
pub use weighing::Weighing;
