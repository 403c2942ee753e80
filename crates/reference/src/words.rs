//! The words of memory that tasks wait for.

use std::collections::BTreeSet;

use acg_ir::{Access, Buffer};
use rustc_hash::FxHashMap;

/// Each word once, to be found by its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    numbers: FxHashMap<Access, u32>,
    all: Vec<Access>,
    /// Those of each buffer, by where they start, and from the start to the end of the longest.
    of: FxHashMap<Buffer, (BTreeSet<(u64, u32)>, u64)>,
}

impl Words {
    /// Adds a word.
    pub(crate) fn add(&mut self, word: Access) {
        let number = self.all.len() as u32;
        if *self.numbers.entry(word.clone()).or_insert(number) == number {
            let (starts, longest) = self.of.entry(word.root).or_default();
            starts.insert((word.extent.start(), number));
            *longest = (word.extent.end() - word.extent.start()).max(*longest);
            self.all.push(word);
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number of a word.
    pub(crate) fn find(&self, word: &Access) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The numbers of the words that share bytes with an access.
    pub(crate) fn touched(&self, access: &Access) -> impl Iterator<Item = u32> {
        let near = self.of.get(&access.root).into_iter().flat_map(|(starts, longest)| {
            let first = access.extent.start().saturating_sub(*longest);
            starts.range((first, 0)..(access.extent.end(), 0)).map(|&(_, number)| number)
        });
        near.filter(|&number| self.all[number as usize].extent.overlaps(&access.extent))
    }
}
