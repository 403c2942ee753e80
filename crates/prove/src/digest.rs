//! Digests: 64 bits that stand for a sequence of numbers.

use std::fmt::{Debug, Write as _};

/// A digest in the making.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// Appends a number; every bit of it and of what came before changes half of the bits.
    pub(crate) const fn push(&mut self, number: u64) {
        // Both halves of a product with an odd number that has no pattern: one multiplication mixes them all.
        let mixed = (self.0.rotate_left(23) ^ number) as u128 * 0xd1b5_4a32_d192_ed03;
        self.0 = (mixed as u64) ^ ((mixed >> 64) as u64) ^ 0x9e37_79b9_7f4a_7c15;
    }

    pub(crate) const fn get(self) -> u64 {
        self.0
    }
}

/// The digest of a value whose every part shows.
pub(crate) fn debug(value: &impl Debug) -> u64 {
    struct Bytes(Digest);
    impl std::fmt::Write for Bytes {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            text.bytes().for_each(|byte| self.0.push(byte.into()));
            Ok(())
        }
    }
    let mut bytes = Bytes(Digest::new(12));
    let _ = write!(bytes, "{value:?}");
    bytes.0.get()
}
