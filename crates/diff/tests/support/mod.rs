//! Programs that tests make up, change in known ways, and print as dumps.

// Each test uses a part of it.
#![allow(dead_code)]

pub mod corpus;
pub mod mutation;
pub mod program;
pub mod rng;
