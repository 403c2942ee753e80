//! Dense tables that are used again for one part of a whole after the other.

use crate::Entity;

/// A table by entity, of which few entries are set at a time: to wipe it takes as long as setting them did, however large it has grown.
///
/// What goes through the graphs of a module one by one keeps what it knows of buffers, streams or events in one of these, because a table
/// made anew for every graph would take graphs times declarations.
#[derive(Clone, Debug)]
pub struct Slate<K, V> {
    entries: Vec<Option<V>>,
    set: Vec<K>,
}

impl<K, V> Default for Slate<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), set: Vec::new() }
    }
}

impl<K: Entity, V> Slate<K, V> {
    /// One on which nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// One on which nothing is set, with room for so many entries: where most will be set, it is not to be moved as it grows.
    pub fn with_room(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), set: Vec::new() }
    }

    /// As [`Slate::with_room`], for one that is there.
    pub fn reserve(&mut self, entries: usize) {
        self.entries.reserve(entries.saturating_sub(self.entries.len()));
    }

    /// The entry of `key`, if it is set.
    pub fn at(&self, key: K) -> Option<&V> {
        self.entries.get(key.index())?.as_ref()
    }

    /// The entry of `key`, to be changed, if it is set.
    pub fn at_mut(&mut self, key: K) -> Option<&mut V> {
        self.entries.get_mut(key.index())?.as_mut()
    }

    /// The entry of `key`, which is set to what `make` gives if it is not set yet.
    pub fn or_set(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let entry = Self::room(&mut self.entries, key);
        if entry.is_none() {
            self.set.push(key);
        }
        entry.get_or_insert_with(make)
    }

    /// Sets the entry of `key`; gives what it was set to.
    pub fn set(&mut self, key: K, value: V) -> Option<V> {
        let earlier = Self::room(&mut self.entries, key).replace(value);
        if earlier.is_none() {
            self.set.push(key);
        }
        earlier
    }

    fn room(entries: &mut Vec<Option<V>>, key: K) -> &mut Option<V> {
        if key.index() >= entries.len() {
            entries.resize_with(key.index() + 1, || None);
        }
        &mut entries[key.index()]
    }

    /// The entities whose entries are set, in the order in which they were.
    pub fn keys(&self) -> &[K] {
        &self.set
    }

    /// Makes all entries unset.
    pub fn wipe(&mut self) {
        for key in self.set.drain(..) {
            self.entries[key.index()] = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slate;
    use crate::Entity;

    crate::entity!(
        /// Something to count.
        Thing, "t"
    );

    #[test]
    fn what_is_set_is_there_until_it_is_wiped() {
        let mut slate: Slate<Thing, u32> = Slate::new();
        let [few, many] = [Thing::at(3), Thing::at(1000)];
        assert_eq!(slate.set(many, 1), None);
        assert_eq!(slate.set(many, 2), Some(1));
        *slate.or_set(few, || 5) += 1;
        *slate.or_set(few, || 50) += 1;
        assert_eq!((slate.at(few), slate.at(many), slate.at(Thing::at(4000))), (Some(&7), Some(&2), None));
        assert_eq!(slate.keys(), [many, few], "each once, in the order of their setting");
        slate.wipe();
        assert_eq!((slate.at(few), slate.at(many), slate.keys().len()), (None, None, 0));
        assert_eq!(slate.set(few, 1), None);
        assert_eq!(slate.keys(), [few]);
    }
}
