//! Programs that tests make up, change in known ways, and print as dumps.

// Each test uses a part of it.
#![allow(dead_code)]

pub(crate) mod corpus;
pub(crate) mod mutation;
pub(crate) mod program;

/// The seeds of a test: few unless `ACG_MUTATIONS` asks for more, and another series for each `ACG_SEED`.
pub(crate) fn seeds(few: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("ACG_SEED").unwrap_or(0) << 20;
    first..first + number("ACG_MUTATIONS").unwrap_or(few)
}
