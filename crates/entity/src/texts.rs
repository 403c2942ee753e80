//! Interned text: every different text once, all of them in one buffer.
//!
//! A million names cost no million allocations.

use std::hash::{BuildHasher, Hasher};
use std::marker::PhantomData;

use hashbrown::{HashTable, hash_table};
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

/// A text in the table: the table grows without reading any, and most texts are told apart without reading them.
#[derive(Clone, Copy, Debug)]
struct Entry {
    digest: Digest,
    index: u32,
}

impl Entry {
    fn spread(self) -> u64 {
        spread(self.digest.hash())
    }

    /// Whether it is that of `text`, whose digest is `digest`; `all` and `ends` are those of the texts.
    fn is(self, digest: Digest, text: &str, all: &str, ends: &[u32]) -> bool {
        self.digest == digest && (!digest.is_long() || slice(all, ends, self.index) == text)
    }
}

/// A short text as it is, or the hash of a long one.
///
/// Names of a large program are looked up in no order that a cache could foresee, so every place that need not be read counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest([u32; 2]);

impl Digest {
    /// Bytes of a text that is kept as it is: what is left of eight beside the length.
    const SHORT: usize = 7;
    const LONG: u64 = 0xff;

    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let word = if bytes.len() <= Self::SHORT {
            bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)) << 8 | bytes.len() as u64
        } else {
            u64::from(hash(bytes)) << 8 | Self::LONG
        };
        Self([(word >> 32) as u32, word as u32])
    }

    fn word(self) -> u64 {
        u64::from(self.0[0]) << 32 | u64::from(self.0[1])
    }

    /// Whether only the text itself tells whether another one with the same digest is equal.
    fn is_long(self) -> bool {
        self.word() & 0xff == Self::LONG
    }

    fn hash(self) -> u32 {
        let word = self.word();
        if self.is_long() { (word >> 8) as u32 } else { hash_short(word >> 8) }
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
        if self.is_settled() {
            self.unsettle();
        }
        let entry = Entry { digest: Digest::of(text), index: self.ends.len() as u32 };
        let Self { text: all, ends, table, .. } = self;
        let is_same = |known: &Entry| known.is(entry.digest, text, all, ends);
        match table.entry(entry.spread(), is_same, |entry| entry.spread()) {
            hash_table::Entry::Occupied(known) => K::at(known.get().index as usize),
            hash_table::Entry::Vacant(place) => {
                place.insert(entry);
                all.push_str(text);
                ends.push(u32::try_from(all.len()).expect("there is less than 4 GiB of names"));
                K::at(entry.index as usize)
            }
        }
    }

    /// Makes room for `additional` more texts.
    pub fn reserve(&mut self, additional: usize) {
        self.ends.reserve(additional);
        self.table.reserve(additional, |entry| entry.spread());
    }

    /// The name of `text`, if it was ever interned.
    pub fn find(&self, text: &str) -> Option<K> {
        if self.is_settled() {
            return (0..self.len()).map(K::at).find(|&name| self.text(name) == text);
        }
        self.digested(Digest::of(text), text)
    }

    /// Gives back the memory that serves to find texts, for when the last is interned. Finding one takes long then, unless it is one of
    /// the first, and interning one more makes it all again.
    pub fn settle(&mut self) {
        self.table = HashTable::new();
    }

    fn is_settled(&self) -> bool {
        self.table.is_empty() && !self.ends.is_empty()
    }

    fn unsettle(&mut self) {
        let Self { text, ends, table, .. } = self;
        table.reserve(ends.len() + 1, |entry| entry.spread());
        for index in 0..ends.len() as u32 {
            let entry = Entry { digest: Digest::of(slice(text, ends, index)), index };
            table.insert_unique(entry.spread(), entry, |entry| entry.spread());
        }
    }

    fn digested(&self, digest: Digest, text: &str) -> Option<K> {
        let is_same = |entry: &Entry| entry.is(digest, text, &self.text, &self.ends);
        self.table.find(spread(digest.hash()), is_same).map(|entry| K::at(entry.index as usize))
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

/// How far names lie apart in the table that differ by the number at their end: a group of the table.
const GROUP: u32 = 16;

/// The hash of a text. Texts that differ by the number at their end alone lie beside each other in the table: programs number what they
/// declare and use it by and large in that order, so most of what is looked up is in the cache.
fn hash(text: &[u8]) -> u32 {
    const MOST_DIGITS: usize = 9;
    let digits = text.iter().rev().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    let (prefix, digits) = text.split_at(text.len() - digits);
    let number = digits.iter().fold(0u32, |number, digit| 10 * number + u32::from(digit - b'0'));
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(prefix);
    hasher.write_usize(digits.len());
    (hasher.finish() as u32).wrapping_add(number.wrapping_mul(GROUP))
}

/// As [`hash`], of the bytes of a short text in one word, the last one in the last bits.
fn hash_short(mut word: u64) -> u32 {
    let (mut number, mut power) = (0u32, 1u32);
    while (word as u8).is_ascii_digit() {
        number += power * u32::from(word as u8 - b'0');
        power *= 10;
        word >>= 8;
    }
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write_u64(word);
    hasher.write_u32(power);
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
