//! Lists of different lengths, one after the other in one array.

use std::ops::Range;

/// Rows of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    /// Where each row begins, and where the last one ends.
    start: Vec<u32>,
    entries: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { start: vec![0], entries: Vec::new() }
    }
}

impl<T: Copy + Default + PartialEq> Rows<T> {
    /// `count` rows of the second of each of `pairs` by the first, in a row in the order of `pairs`, which is walked twice.
    ///
    /// # Panics
    /// Past `u32::MAX` pairs.
    pub(crate) fn new(count: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let (mut start, total) = starts(count, pairs.clone().map(|(row, _)| row));
        let mut entries = vec![T::default(); total];
        for (row, entry) in pairs {
            let next = &mut start[row as usize + 1];
            entries[*next as usize] = entry;
            *next += 1;
        }
        start.pop();
        Self { start, entries }
    }

    /// The entries of a row.
    pub fn of(&self, row: u32) -> &[T] {
        &self.entries[self.range(row)]
    }

    /// The places of a row's entries among all.
    pub(crate) fn range(&self, row: u32) -> Range<usize> {
        self.start[row as usize] as usize..self.start[row as usize + 1] as usize
    }

    /// How many rows there are.
    fn count(&self) -> u32 {
        self.start.len() as u32 - 1
    }

    /// Sorts each row.
    pub(crate) fn sort(&mut self)
    where
        T: Ord,
    {
        for row in 0..self.count() {
            let range = self.range(row);
            let entries = &mut self.entries[range];
            if !entries.is_sorted() {
                entries.sort_unstable();
            }
        }
    }

    /// All entries, row by row.
    pub(crate) fn entries(&self) -> &[T] {
        &self.entries
    }

    /// All entries with their rows.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, T)> + Clone + '_ {
        (0..self.count()).flat_map(|row| self.of(row).iter().map(move |&entry| (row, entry)))
    }

    /// Leaves out the entries that `is_kept` says no to; it gets the place of each, what is kept of its row before it, and the entry.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(usize, &[T], T) -> bool) {
        let (mut kept, mut from) = (0, 0);
        for bound in self.start.iter_mut().skip(1) {
            let (row, end) = (kept, *bound as usize);
            for at in from..end {
                let entry = self.entries[at];
                if is_kept(at, &self.entries[row..kept], entry) {
                    self.entries[kept] = entry;
                    kept += 1;
                }
            }
            *bound = kept as u32;
            from = end;
        }
        self.entries.truncate(kept);
    }

    /// Leaves out what repeats the entry before it in its row.
    pub(crate) fn dedup(&mut self) {
        self.retain(|_, row, entry| row.last() != Some(&entry));
    }
}

impl Rows<u32> {
    /// The same pairs with row and entry the other way round, in `count` rows.
    pub(crate) fn turned(&self, count: usize) -> Self {
        let (mut start, total) = starts(count, self.entries.iter().copied());
        let mut entries = vec![0; total];
        for row in 0..self.count() {
            for &entry in self.of(row) {
                let next = &mut start[entry as usize + 1];
                entries[*next as usize] = row;
                *next += 1;
            }
        }
        start.pop();
        Self { start, entries }
    }
}

/// Where each of `count` rows begins, one further on than the row, and how many entries there are; `rows` has the row of each.
fn starts(count: usize, rows: impl Iterator<Item = u32>) -> (Vec<u32>, usize) {
    let mut start = vec![0u32; count + 2];
    let mut total = 0u32;
    for row in rows {
        start[row as usize + 2] += 1;
        total = total.checked_add(1).expect("a graph has fewer than u32::MAX dependences");
    }
    for at in 2..start.len() {
        start[at] += start[at - 1];
    }
    (start, total as usize)
}
