//! The reference executor: what a program computes, on ordinary memory.

mod element;
mod minifloat;
mod number;
mod operators;

pub use number::Number;
pub use operators::has_numerics;
