//! Hashes that tell what is compared apart: equal things have equal ones.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A hash of numbers in their order.
pub(crate) fn mix(numbers: impl IntoIterator<Item = u64>) -> u64 {
    let mut hasher = FxHasher::default();
    for number in numbers {
        hasher.write_u64(number);
        // One more step spreads small numbers over all bits.
        hasher.write_u64(0x9e37_79b9_7f4a_7c15);
    }
    hasher.finish()
}

/// A hash of a text.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    mix([hasher.finish(), text.len() as u64])
}
