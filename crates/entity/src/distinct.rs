//! Values of which many are equal: each different one once, and a number in its place.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Different values, each with a number; two equal values have the same.
#[derive(Clone, Debug)]
pub struct Distinct<V> {
    values: Vec<V>,
    table: HashTable<u32>,
    /// The number that was given last: values come in runs.
    last: u32,
}

impl<V> Default for Distinct<V> {
    fn default() -> Self {
        Self { values: Vec::new(), table: HashTable::new(), last: 0 }
    }
}

impl<V: Copy + Eq + Hash> Distinct<V> {
    /// The number of `value`, a new one if there is none yet.
    ///
    /// # Panics
    /// Past `u32::MAX` different values.
    pub fn number(&mut self, value: V) -> u32 {
        if self.values.get(self.last as usize) != Some(&value) {
            self.last = self.find_or_add(value);
        }
        self.last
    }

    fn find_or_add(&mut self, value: V) -> u32 {
        let hash = |value: &V| FxBuildHasher.hash_one(value);
        let Self { values, table, .. } = self;
        if table.is_empty() {
            for (number, value) in (0..).zip(values.iter()) {
                table.insert_unique(hash(value), number, |&number| hash(&values[number as usize]));
            }
        }
        if let Some(&known) = table.find(hash(&value), |&number| values[number as usize] == value) {
            return known;
        }
        let number = u32::try_from(values.len()).expect("there are fewer than u32::MAX different values");
        values.push(value);
        table.insert_unique(hash(&value), number, |&number| hash(&values[number as usize]));
        number
    }

    /// The value with a number; `None` for one of other values.
    pub fn value(&self, number: u32) -> Option<V> {
        self.values.get(number as usize).copied()
    }

    /// How many different values there are; every number is below it.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Gives back the memory that serves to find values, for when the last is there; one more makes it all again.
    pub fn settle(&mut self) {
        self.table = HashTable::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number() {
        let mut values = Distinct::default();
        assert_eq!([7, 7, 8, 7, 9].map(|value| values.number(value)), [0, 0, 1, 0, 2]);
        values.settle();
        assert_eq!([9, 8, 10, 7].map(|value| values.number(value)), [2, 1, 3, 0]);
        assert_eq!((values.value(3), values.value(4), values.len()), (Some(10), None, 4));
    }
}
