//! Sets of bytes, as ranges that do not meet.
//!
//! Those that touch stay apart: what is added as a whole is mostly taken away as a whole.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use acg_ir::{Access, Buffer, Extent};
use rustc_hash::FxHashMap;

/// Bytes of one buffer: each range's first byte, and one past its last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    /// The bytes `start..end`.
    pub(crate) fn of(start: u64, end: u64) -> Self {
        Self(BTreeMap::from([(start, end)]))
    }

    /// Adds the bytes `start..end`.
    pub(crate) fn add(&mut self, mut start: u64, mut end: u64) {
        while let Some((&other, &other_end)) = self.0.range(..end).next_back() {
            if other_end <= start {
                break;
            }
            if other <= start && end <= other_end {
                return;
            }
            start = start.min(other);
            end = end.max(other_end);
            self.0.remove(&other);
        }
        self.0.insert(start, end);
    }

    /// Takes the bytes `start..end` away.
    pub(crate) fn remove(&mut self, start: u64, end: u64) {
        if let Entry::Occupied(range) = self.0.entry(start)
            && *range.get() == end
        {
            range.remove();
            return;
        }
        self.cut(start);
        self.cut(end);
        while let Some((&at, _)) = self.0.range(start..end).next_back() {
            self.0.remove(&at);
        }
    }

    /// Whether any byte of `extent` is among them.
    pub(crate) fn meet(&self, extent: &Extent) -> bool {
        let before = self.0.range(..extent.end()).rev();
        before
            .take_while(|&(_, &end)| end > extent.start())
            .any(|(&start, &end)| Extent::range(start, end).overlaps(extent))
    }

    /// Cuts the range that byte `at` is inside of.
    fn cut(&mut self, at: u64) {
        if let Some((_, end)) = self.0.range_mut(..at).next_back()
            && *end > at
        {
            let rest = std::mem::replace(end, at);
            self.0.insert(at, rest);
        }
    }
}

/// Bytes of all buffers; what lies between the rows of a strided access counts as well.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(FxHashMap<Buffer, Ranges>);

impl Spans {
    /// Adds the bytes from the first to the last of `access`.
    pub(crate) fn add(&mut self, access: &Access) {
        if !access.extent.is_empty() {
            self.0.entry(access.root).or_default().add(access.extent.start(), access.extent.end());
        }
    }

    /// Whether any byte of `access` is among them.
    pub(crate) fn meet(&self, access: &Access) -> bool {
        self.0.get(&access.root).is_some_and(|ranges| ranges.meet(&access.extent))
    }
}
