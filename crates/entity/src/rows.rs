//! Values by what they belong to, those of each in one row; one array for all of them, however many rows there are.

use std::marker::PhantomData;
use std::ops::Index;

use crate::Entity;

/// A row of values for each key; those that it knows nothing of are empty.
#[derive(Clone, Debug)]
pub struct Rows<K, V> {
    values: Vec<V>,
    /// Where each row ends; it starts where the one before it does.
    ends: Vec<u32>,
    key: PhantomData<K>,
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self { values: Vec::new(), ends: Vec::new(), key: PhantomData }
    }
}

impl<K: Entity, V: Copy> Rows<K, V> {
    /// The rows of the first `count` keys, whose values keep the order that they have in `pairs`; gone through twice.
    pub fn of(count: usize, pairs: impl Iterator<Item = (K, V)> + Clone) -> Self {
        let Some((_, any)) = pairs.clone().next() else { return Self::default() };
        // At first where each row starts; as the values find their places, where it ends.
        let mut next = vec![0u32; count + 1];
        pairs.clone().for_each(|(key, _)| next[key.index() + 1] += 1);
        for row in 1..=count {
            next[row] += next[row - 1];
        }
        let mut values = vec![any; next[count] as usize];
        for (key, value) in pairs {
            let place = &mut next[key.index()];
            values[*place as usize] = value;
            *place += 1;
        }
        next.truncate(count);
        Self { values, ends: next, key: PhantomData }
    }

    /// Whether all rows are empty.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl<K: Entity, V> Index<K> for Rows<K, V> {
    type Output = [V];

    fn index(&self, key: K) -> &[V] {
        let Some(&end) = self.ends.get(key.index()) else { return &[] };
        let start = key.index().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..end as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    crate::entity! {
        /// What rows belong to.
        Key, "key"
    }

    proptest! {
        #[test]
        fn rows_are_what_was_given_in_its_order(pairs in proptest::collection::vec((0..6usize, 0..100u32), 0..40)) {
            let rows = Rows::of(6, pairs.iter().map(|&(key, value)| (Key::at(key), value)));
            prop_assert_eq!(rows.is_empty(), pairs.is_empty());
            for key in 0..7 {
                let expected: Vec<u32> = pairs.iter().filter(|pair| pair.0 == key).map(|pair| pair.1).collect();
                prop_assert_eq!(&rows[Key::at(key)], &expected);
            }
        }
    }
}
