//! How the driver hands out ids: the lowest free one first.

/// A pool of ids `0..limit`.
#[derive(Clone, Debug)]
pub struct IdPool {
    next: u32,
    limit: u32,
    freed: Freed,
}

impl IdPool {
    /// A pool of `limit` ids, none taken.
    pub(crate) fn new(limit: u32) -> Self {
        Self { next: 0, limit, freed: Freed::default() }
    }

    /// Takes the lowest free id; `None` when all are taken.
    pub(crate) fn take(&mut self) -> Option<u32> {
        if let Some(id) = self.freed.take_lowest() {
            return Some(id);
        }
        (self.next < self.limit).then(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// Gives an id back; one that was never taken stays out.
    pub(crate) fn give(&mut self, id: u32) {
        if id < self.next {
            self.freed.add(id);
        }
    }

    /// How many ids there are.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// How many ids are taken.
    pub(crate) fn taken(&self) -> u32 {
        self.next - self.freed.count
    }
}

/// The bits of a word.
const BITS: usize = u64::BITS as usize;

/// How many levels of 64 to one span all ids.
const LEVELS: usize = 6;

/// Ids that were given back: a bit each, and above every 64 bits one that says whether any of them is set.
#[derive(Clone, Debug, Default)]
struct Freed {
    count: u32,
    /// The ids first, the single topmost word last; as long as the highest id wants.
    levels: [Vec<u64>; LEVELS],
}

impl Freed {
    fn add(&mut self, id: u32) {
        let mut at = id as usize;
        for (level, words) in self.levels.iter_mut().enumerate() {
            let (word, bit) = (at / BITS, 1 << (at % BITS));
            if word >= words.len() {
                words.resize(word + 1, 0);
            }
            let before = words[word];
            words[word] |= bit;
            if level == 0 {
                self.count += u32::from(before & bit == 0);
            }
            if before != 0 {
                return;
            }
            at = word;
        }
    }

    fn take_lowest(&mut self) -> Option<u32> {
        if self.count == 0 {
            return None;
        }
        let lowest =
            self.levels.iter().rev().fold(0, |at, words| at * BITS + words[at].trailing_zeros() as usize);
        let mut at = lowest;
        for words in &mut self.levels {
            let word = &mut words[at / BITS];
            *word &= *word - 1;
            if *word != 0 {
                break;
            }
            at /= BITS;
        }
        self.count -= 1;
        Some(lowest as u32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Freed, IdPool};

    #[test]
    fn the_lowest_free_id_comes_first() {
        let mut pool = IdPool::new(4);
        assert_eq!([pool.take(), pool.take(), pool.take()], [Some(0), Some(1), Some(2)]);
        pool.give(1);
        pool.give(0);
        assert_eq!([pool.take(), pool.take(), pool.take()], [Some(0), Some(1), Some(3)]);
        assert_eq!(pool.take(), None);
        assert_eq!(pool.taken(), 4);
    }

    proptest! {
        #[test]
        fn freed_ids_are_an_ordered_set(steps in proptest::collection::vec((0..300_000u32, any::<bool>()), 0..200)) {
            let (mut freed, mut expected) = (Freed::default(), BTreeSet::new());
            for (id, takes) in steps {
                if takes {
                    prop_assert_eq!(freed.take_lowest(), expected.pop_first());
                } else {
                    freed.add(id);
                    expected.insert(id);
                }
                prop_assert_eq!(freed.count as usize, expected.len());
            }
        }
    }
}
