//! How the driver hands out ids: the lowest free one first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A pool of ids `0..limit`.
#[derive(Clone, Debug)]
pub struct IdPool {
    next: u32,
    limit: u32,
    freed: BinaryHeap<Reverse<u32>>,
}

impl IdPool {
    /// A pool of `limit` ids, none taken.
    pub(crate) fn new(limit: u32) -> Self {
        Self { next: 0, limit, freed: BinaryHeap::new() }
    }

    /// Takes the lowest free id; `None` when all are taken.
    pub(crate) fn take(&mut self) -> Option<u32> {
        if let Some(Reverse(id)) = self.freed.pop() {
            return Some(id);
        }
        (self.next < self.limit).then(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// Gives an id back.
    pub(crate) fn give(&mut self, id: u32) {
        self.freed.push(Reverse(id));
    }

    /// How many ids there are.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// How many ids are taken.
    pub(crate) fn taken(&self) -> u32 {
        self.next - self.freed.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::IdPool;

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
}
