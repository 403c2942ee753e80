//! Interned text of a log: handle names, kernel names, strings, comments.
//!
//! All texts stand in one buffer, so a log with a million names makes no million allocations.

use std::hash::{BuildHasher, Hasher};
use std::num::NonZeroU32;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// One interned text of a [`Log`](crate::Log); two equal texts of one log have the same `Name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(NonZeroU32);

impl Name {
    /// The position of the text, from 0, for side tables indexed by name.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    fn at(index: usize) -> Self {
        let number = u32::try_from(index + 1).expect("a log holds fewer than u32::MAX names");
        Self(NonZeroU32::new(number).expect("an index plus one is not zero"))
    }
}

/// The texts of a log, each stored once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    /// Where each text ends; it starts where the one before it ends.
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Names {
    /// The name of `text`, made if there is none yet.
    ///
    /// # Panics
    /// Past 4 GiB of different texts.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = hash(text);
        let (all, ends) = (&self.text, &self.ends);
        if let Some(&index) = self.table.find(hash, |&index| slice(all, ends, index) == text) {
            return Name::at(index as usize);
        }
        let index = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("a log holds less than 4 GiB of names"));
        let (all, ends) = (&self.text, &self.ends);
        self.table.insert_unique(hash, index, |&index| self::hash(slice(all, ends, index)));
        Name::at(index as usize)
    }

    /// The name of `text`, if the log has it.
    pub fn find(&self, text: &str) -> Option<Name> {
        let same = |&index: &u32| slice(&self.text, &self.ends, index) == text;
        self.table.find(hash(text), same).map(|&index| Name::at(index as usize))
    }

    /// The text of a name; empty for a name of another log that this one does not have.
    pub fn text(&self, name: Name) -> &str {
        slice(&self.text, &self.ends, name.index() as u32)
    }

    /// How many different texts there are; every [`Name::index`] is below it.
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

fn hash(text: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_text_are_one_to_one() {
        let mut names = Names::default();
        let made: Vec<_> = (0..1000).map(|number| names.intern(&format!("name_{number}"))).collect();
        for (number, &name) in made.iter().enumerate() {
            let text = format!("name_{number}");
            assert_eq!((names.intern(&text), names.find(&text)), (name, Some(name)));
            assert_eq!(names.text(name), text);
            assert_eq!(name.index(), number);
        }
        assert_eq!(names.intern(""), names.intern(""));
        assert_eq!((names.len(), names.find("other")), (1001, None));
    }

    #[test]
    fn a_foreign_name_has_no_text() {
        let mut names = Names::default();
        let name = names.intern("here");
        assert_eq!(Names::default().text(name), "");
    }
}
