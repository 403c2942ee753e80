//! A stable name for a diagnostic, by which a service knows it again in the next version of a file.

use std::collections::HashMap;
use std::fmt;

use crate::{Diagnostic, Sources};

/// How much of the marked text counts, in bytes.
const MARKED_TEXT: usize = 1024;

const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// 128 bits that depend on rule, file, message and marked text, but not on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint(u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Gives fingerprints and keeps them apart: what looks the same is told apart by its position among its likes.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<Fingerprint, u32>,
}

impl Fingerprints {
    /// The fingerprint of the next diagnostic.
    pub(super) fn next(&mut self, diagnostic: &Diagnostic, sources: &Sources) -> Fingerprint {
        let source = sources.file(diagnostic.primary.span.file);
        let range = source.clamp(diagnostic.primary.span);
        let marked = &source.text.as_bytes()[range];
        let parts = [
            diagnostic.rule.code.as_bytes(),
            source.name.as_bytes(),
            diagnostic.message.as_bytes(),
            &marked[..marked.len().min(MARKED_TEXT)],
        ];
        let base = parts.into_iter().fold(Fingerprint(FNV_OFFSET), Fingerprint::with);
        let count = self.seen.entry(base).or_default();
        let fingerprint = base.with(&count.to_le_bytes());
        *count += 1;
        fingerprint
    }
}

impl Fingerprint {
    /// The fingerprint of what has been taken in so far and `bytes`.
    fn with(self, bytes: &[u8]) -> Self {
        let length = (bytes.len() as u64).to_le_bytes();
        let step = |hash: u128, &byte: &u8| (hash ^ u128::from(byte)).wrapping_mul(FNV_PRIME);
        Self(length.iter().chain(bytes).fold(self.0, step))
    }
}
