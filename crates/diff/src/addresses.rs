//! Kernel arguments: numbers that must be the same, and addresses, which a run chooses.
//!
//! A dump does not say which words are addresses; those in the range of device and host addresses are taken for such. An
//! address of one dump stands for one of the other: the one that it stands for most often.

use acg_dump::{Mark, OwnedDump, OwnedRecord};
use rustc_hash::FxHashMap;

use crate::hash::mix;

/// Device addresses on these machines have 45 bits or so, host addresses up to 48; smaller numbers are sizes and flags.
const ADDRESSES: std::ops::Range<u64> = 1 << 32..1 << 48;

/// Whether a word is taken for an address.
pub(crate) fn is_address(word: u64) -> bool {
    ADDRESSES.contains(&word)
}

/// A hash of the arguments of a record without its addresses.
pub(crate) fn shape(dump: &OwnedDump, record: &OwnedRecord) -> u64 {
    let Some(args) = record.args else { return 0 };
    let words = dump.args(record).iter().map(|&word| if is_address(word) { u64::MAX } else { word });
    mix(words.chain([u64::from(args.size)]))
}

/// The placeholder marks of a record, by the number of the word that each is before.
pub(crate) fn marks<'d>(dump: &'d OwnedDump, record: &OwnedRecord) -> impl Iterator<Item = Mark> + use<'d> {
    let words = record.args.map_or(0..0, acg_dump::KernelArgs::words);
    let first = dump.marks.partition_point(|mark| (mark.word as usize) < words.start);
    let own = dump.marks[first..].iter().take_while(move |mark| (mark.word as usize) < words.end);
    own.map(move |mark| Mark { word: mark.word - words.start as u32, ..*mark })
}

/// Which address of the second dump each address of the first stands for.
#[derive(Default)]
pub(crate) struct Renaming {
    votes: FxHashMap<(u64, u64), u32>,
    chosen: FxHashMap<u64, u64>,
}

impl Renaming {
    /// Counts that two words stand at the same place.
    pub(crate) fn vote(&mut self, old: u64, new: u64) {
        if is_address(old) && is_address(new) {
            *self.votes.entry((old, new)).or_default() += 1;
        }
    }

    /// Chooses one to one, the most frequent pairs first.
    pub(crate) fn choose(&mut self) {
        let mut votes: Vec<_> =
            self.votes.drain().map(|(pair, count)| (std::cmp::Reverse(count), pair)).collect();
        votes.sort_unstable();
        let mut taken = rustc_hash::FxHashSet::default();
        for (_, (old, new)) in votes {
            if !self.chosen.contains_key(&old) && taken.insert(new) {
                self.chosen.insert(old, new);
            }
        }
    }

    /// Whether two words at the same place are the same but for the renaming.
    pub(crate) fn is_same(&self, old: u64, new: u64) -> bool {
        if is_address(old) && is_address(new) { self.chosen.get(&old) == Some(&new) } else { old == new }
    }
}
