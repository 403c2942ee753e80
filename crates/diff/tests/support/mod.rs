//! Programs that tests make up, change in known ways, and print as dumps.

// Each test uses a part of it.
#![allow(dead_code)]

pub(crate) mod corpus;
pub(crate) mod mutation;
pub(crate) mod program;
pub(crate) mod rng;
