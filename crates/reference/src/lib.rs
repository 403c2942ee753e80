//! The reference executor: what a program computes, on ordinary memory.

mod element;
mod minifloat;
mod number;

pub use number::Number;
