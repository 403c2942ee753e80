//! Runs of elements in the flat arrays of a module.
//!
//! **Invariant:** a run is read from the array, and a rare one through the [`RareLists`], that it was pushed to.

use std::marker::PhantomData;
use std::num::NonZeroU32;

/// A run of elements in one of the module's flat arrays.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct List<T> {
    start: u32,
    len: u32,
    element: PhantomData<fn() -> T>,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { start: 0, len: 0, element: PhantomData }
    }
}

impl<T> List<T> {
    /// Appends `elements` to `pool` and returns the run.
    ///
    /// # Panics
    /// Past `u32::MAX` elements.
    pub fn push_to(pool: &mut Vec<T>, elements: impl IntoIterator<Item = T>) -> Self {
        let start = pool.len();
        pool.extend(elements);
        Self::since(pool, start)
    }

    /// The run of everything that was appended to `pool` since it had `start` elements.
    ///
    /// # Panics
    /// Past `u32::MAX` elements.
    pub fn since(pool: &[T], start: usize) -> Self {
        assert!(u32::try_from(pool.len()).is_ok(), "a pool holds fewer than u32::MAX elements");
        Self { start: start as u32, len: (pool.len() - start) as u32, element: PhantomData }
    }

    /// The elements; `pool` must be the one that the run was pushed to.
    pub fn of(self, pool: &[T]) -> &[T] {
        &pool[self.start as usize..(self.start + self.len) as usize]
    }

    /// How many elements there are.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// A [`List`] that is empty in nearly every task: half as large there, and larger where it is not empty.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct RareList<T> {
    /// Its place in the [`RareLists`], from 1; none for the empty run.
    place: Option<NonZeroU32>,
    element: PhantomData<fn() -> T>,
}

impl<T> Clone for RareList<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RareList<T> {}

impl<T> Default for RareList<T> {
    fn default() -> Self {
        Self { place: None, element: PhantomData }
    }
}

impl<T> RareList<T> {
    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.place.is_none()
    }
}

/// Where the runs of all [`RareList`]s of a module are.
#[derive(Clone, Debug, Default)]
pub struct RareLists {
    /// Starts and lengths.
    runs: Vec<(u32, u32)>,
}

impl RareLists {
    /// Keeps a run as a rare one.
    pub fn keep<T>(&mut self, list: List<T>) -> RareList<T> {
        if list.is_empty() {
            return RareList::default();
        }
        self.runs.push((list.start, list.len));
        let place = u32::try_from(self.runs.len()).ok().and_then(NonZeroU32::new);
        RareList { place, element: PhantomData }
    }

    /// The run that was kept.
    pub fn list<T>(&self, rare: RareList<T>) -> List<T> {
        let run = rare.place.and_then(|place| self.runs.get(place.get() as usize - 1));
        run.map_or_else(List::default, |&(start, len)| List { start, len, element: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_list_is_the_list_that_was_kept() {
        let (mut pool, mut lists) = (vec![7], RareLists::default());
        let list = List::push_to(&mut pool, [1, 2]);
        let rare = [lists.keep(List::push_to(&mut pool, [])), lists.keep(list), lists.keep(list)];
        assert_eq!(rare.map(|rare| lists.list(rare).of(&pool).to_vec()), [vec![], vec![1, 2], vec![1, 2]]);
        assert_eq!(rare.map(RareList::is_empty), [true, false, false]);
        assert_eq!(size_of::<RareList<u64>>(), 4);
    }
}
