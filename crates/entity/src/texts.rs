//! Interned text: every different text once, all of them in one buffer.
//!
//! A million names cost no million allocations.

use std::hash::{BuildHasher, Hasher};
use std::marker::PhantomData;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::Entity;

/// Interned texts, each named by a `K`; two equal texts have the same name.
#[derive(Clone, Debug)]
pub struct Texts<K> {
    text: String,
    /// Where each text ends; it starts where the one before it ends.
    ends: Vec<u32>,
    table: HashTable<Entry>,
    key: PhantomData<fn() -> K>,
}

/// A text in the table, with its hash: most other texts are told apart by it, and the table grows without reading any.
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
        Self { text: String::new(), ends: Vec::new(), table: HashTable::new(), key: PhantomData }
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
        let hash = hash(text);
        if let Some(name) = self.hashed(hash, text) {
            return name;
        }
        let index = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("there is less than 4 GiB of names"));
        self.table.insert_unique(spread(hash), Entry { hash, index }, |entry| entry.spread());
        K::at(index as usize)
    }

    /// Makes room for `additional` more texts.
    pub fn reserve(&mut self, additional: usize) {
        self.ends.reserve(additional);
        self.table.reserve(additional, |entry| entry.spread());
    }

    /// The name of `text`, if it was ever interned.
    pub fn find(&self, text: &str) -> Option<K> {
        self.hashed(hash(text), text)
    }

    fn hashed(&self, hash: u32, text: &str) -> Option<K> {
        let same = |entry: &Entry| entry.hash == hash && slice(&self.text, &self.ends, entry.index) == text;
        self.table.find(spread(hash), same).map(|entry| K::at(entry.index as usize))
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

/// The hash of a text. Texts that differ by the number at their end alone lie beside each other in the table, a group of the table
/// apart: programs number what they declare and use it by and large in that order, so most of what is looked up is in the cache.
fn hash(text: &str) -> u32 {
    const MOST_DIGITS: usize = 9;
    const GROUP: u32 = 16;
    let digits = text.bytes().rev().take(MOST_DIGITS).take_while(u8::is_ascii_digit).count();
    let (prefix, digits) = text.as_bytes().split_at(text.len() - digits);
    let number = digits.iter().fold(0u32, |number, digit| 10 * number + u32::from(digit - b'0'));
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(prefix);
    hasher.write_usize(digits.len());
    (hasher.finish() as u32).wrapping_add(number.wrapping_mul(GROUP))
}

/// The hash as the table wants it: the last bits, which say where to look first, as they are, and as good as random ones before them.
fn spread(hash: u32) -> u64 {
    const GOLDEN: u32 = 0x9e37_79b9;
    u64::from(hash.wrapping_mul(GOLDEN)) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
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
    fn a_foreign_name_has_no_text() {
        let mut texts: Texts<Name> = Texts::new();
        let name = texts.intern("here");
        assert_eq!(Texts::<Name>::default().text(name), "");
    }
}
