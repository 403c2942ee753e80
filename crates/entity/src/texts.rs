//! Interned text: every different text once, all of them in one buffer.
//!
//! A million names cost no million allocations.

mod series;

use std::hash::BuildHasher;
use std::marker::PhantomData;

use hashbrown::{HashTable, hash_table};
use rustc_hash::FxBuildHasher;

use crate::Entity;
use series::{Numbered, Place, Series};

/// Interned texts, each named by a `K`; two equal texts have the same name.
#[derive(Clone, Debug)]
pub struct Texts<K> {
    text: String,
    /// Where each text ends; it starts where the one before it ends.
    ends: Vec<u32>,
    /// What finds the texts that end with a number, as nearly all of a large program do.
    series: Series,
    /// What finds all others.
    table: HashTable<Entry>,
    key: PhantomData<fn() -> K>,
}

/// A text in the table: the table grows without reading any, and most texts are told apart without reading them.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    index: u32,
}

impl Entry {
    fn spread(self) -> u64 {
        spread(self.hash)
    }
}

impl<K> Default for Texts<K> {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            series: Series::default(),
            table: HashTable::new(),
            key: PhantomData,
        }
    }
}

impl<K: Entity> Texts<K> {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of `text`, made if there is none yet.
    ///
    /// # Panics
    /// Past 4 GiB of different texts.
    pub fn intern(&mut self, text: &str) -> K {
        if self.is_settled() {
            self.unsettle();
        }
        let index = self.ends.len() as u32;
        let known = self.index(text, index);
        if known == index {
            self.text.push_str(text);
            self.ends.push(u32::try_from(self.text.len()).expect("there is less than 4 GiB of names"));
        }
        K::at(known as usize)
    }

    /// The index of `text`, which is `next` from now on if it has none.
    fn index(&mut self, text: &str, next: u32) -> u32 {
        let Self { text: all, ends, series, table, .. } = self;
        let place = Numbered::of(text).map_or(Place::Elsewhere, |numbered| series.place(&numbered));
        let place = match place {
            Place::Taken(index) => return index,
            Place::Free(free) if free.is_sure() => {
                free.take(next);
                return next;
            }
            place => place,
        };
        let entry = Entry { hash: hash(text), index: next };
        let is_same = |known: &Entry| known.hash == entry.hash && slice(all, ends, known.index) == text;
        match (table.entry(entry.spread(), is_same, |entry| entry.spread()), place) {
            (hash_table::Entry::Occupied(known), _) => return known.get().index,
            (hash_table::Entry::Vacant(_), Place::Free(free)) => free.take(next),
            (hash_table::Entry::Vacant(vacant), _) => _ = vacant.insert(entry),
        }
        next
    }

    /// Makes room for `additional` more texts, which mostly are short.
    pub fn reserve(&mut self, additional: usize) {
        self.text.reserve(8 * additional);
        self.ends.reserve(additional);
    }

    /// The name of `text`, if it was ever interned.
    pub fn find(&self, text: &str) -> Option<K> {
        if self.is_settled() {
            return (0..self.len()).map(K::at).find(|&name| self.text(name) == text);
        }
        let numbered = Numbered::of(text).and_then(|numbered| self.series.find(&numbered));
        numbered.or_else(|| self.find_elsewhere(text)).map(|index| K::at(index as usize))
    }

    fn find_elsewhere(&self, text: &str) -> Option<u32> {
        let hash = hash(text);
        let is_same =
            |known: &Entry| known.hash == hash && slice(&self.text, &self.ends, known.index) == text;
        self.table.find(spread(hash), is_same).map(|entry| entry.index)
    }

    /// Gives back the memory that serves to find texts, for when the last is interned. Finding one takes long then, unless it is one of
    /// the first, and interning one more makes it all again.
    pub fn settle(&mut self) {
        self.series = Series::default();
        self.table = HashTable::new();
    }

    fn is_settled(&self) -> bool {
        self.series.is_empty() && self.table.is_empty() && !self.ends.is_empty()
    }

    fn unsettle(&mut self) {
        // All are different: none need be compared with another.
        let (text, ends) = (std::mem::take(&mut self.text), std::mem::take(&mut self.ends));
        for index in 0..ends.len() as u32 {
            self.index(slice(&text, &ends, index), index);
        }
        (self.text, self.ends) = (text, ends);
    }

    /// The text of a name; empty for a name of other texts that these do not have.
    pub fn text(&self, name: K) -> &str {
        slice(&self.text, &self.ends, name.index() as u32)
    }

    /// Whether `part` is in some text; where it only arises from two texts side by side, that counts as well.
    pub fn may_contain(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// How many different texts there are; every name's index is below it.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

fn slice<'t>(text: &'t str, ends: &[u32], index: u32) -> &'t str {
    let index = index as usize;
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |&end| end as usize);
    ends.get(index).and_then(|&end| text.get(start..end as usize)).unwrap_or("")
}

fn hash(text: &str) -> u32 {
    FxBuildHasher.hash_one(text) as u32
}

/// The hash as the table wants it, which looks at the first bits and at the last.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    crate::entity! {
        /// A name.
        Name, "name"
    }

    #[test]
    fn a_name_and_its_text_are_one_to_one() {
        let mut texts: Texts<Name> = Texts::new();
        let made: Vec<_> = (0..1000).map(|number| texts.intern(&format!("name_{number}"))).collect();
        for (number, &name) in made.iter().enumerate() {
            let text = format!("name_{number}");
            assert_eq!((texts.intern(&text), texts.find(&text)), (name, Some(name)));
            assert_eq!(texts.text(name), text);
            assert_eq!(name.index(), number);
        }
        assert_eq!(texts.intern(""), texts.intern(""));
        assert_eq!((texts.len(), texts.find("other")), (1001, None));
    }

    #[test]
    fn short_and_long_texts_with_any_bytes_differ() {
        let mut texts: Texts<Name> = Texts::new();
        let mut all = vec![String::new(), "\0".into(), "\0\0".into(), "é".into(), "éé".into(), "ééé".into()];
        all.extend(
            ["1234567", "12345678", "0", "00", "000000000", "0000000", "b000007", "b7", "b07"]
                .map(str::to_owned),
        );
        let names: Vec<_> = all.iter().map(|text| texts.intern(text)).collect();
        assert_eq!(texts.len(), all.len());
        for (text, name) in all.iter().zip(names) {
            assert_eq!((texts.find(text), texts.text(name)), (Some(name), text.as_str()));
        }
    }

    proptest! {
        #[test]
        fn texts_of_all_kinds_are_found(
            all in prop::collection::vec("[ab]{0,2}[019]{0,3}", 1..200), long in prop::collection::vec("x[0-9]{8,11}", 0..9),
        ) {
            let mut texts: Texts<Name> = Texts::new();
            let mut known: Vec<&str> = Vec::new();
            for text in all.iter().chain(&long).chain(&all) {
                let index = known.iter().position(|known| known == text);
                prop_assert_eq!(texts.find(text).map(Name::index), index);
                prop_assert_eq!(texts.intern(text).index(), index.unwrap_or(known.len()));
                if index.is_none() {
                    known.push(text);
                }
            }
            prop_assert_eq!(texts.len(), known.len());
        }

        #[test]
        fn numbers_in_any_order_are_found(numbers in prop::collection::vec(0u32..3000, 1..400), stems in 1usize..3) {
            let mut texts: Texts<Name> = Texts::new();
            let names: Vec<_> = numbers.iter().map(|number| format!("s{}_{number}", *number as usize % stems)).collect();
            let made: Vec<_> = names.iter().map(|name| texts.intern(name)).collect();
            for (name, made) in names.iter().zip(made) {
                prop_assert_eq!((texts.find(name), texts.text(made)), (Some(made), name.as_str()));
            }
        }
    }

    #[test]
    fn settled_texts_are_found_and_more_of_them_taken() {
        let mut texts: Texts<Name> = Texts::new();
        let names: Vec<_> = (0..50).map(|number| texts.intern(&number.to_string())).collect();
        texts.settle();
        assert_eq!((texts.find("7"), texts.find("70")), (Some(names[7]), None));
        assert_eq!(
            (texts.intern("8"), texts.intern("80").index(), texts.find("49")),
            (names[8], 50, Some(names[49]))
        );
    }

    #[test]
    fn a_foreign_name_has_no_text() {
        let mut texts: Texts<Name> = Texts::new();
        let name = texts.intern("here");
        assert_eq!(Texts::<Name>::default().text(name), "");
    }
}
