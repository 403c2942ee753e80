//! Texts that end with a number, by what stands before it.
//!
//! Programs number what they declare: nearly all their names are in a few such series, where a number finds its text without a hash and
//! beside its neighbours'.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// A text that ends with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'t> {
    /// What stands before the digits.
    stem: &'t [u8],
    /// How many digits a number has that starts with a zero; 0 for others, so that no two texts are the same here.
    width: u8,
    number: u32,
}

impl<'t> Numbered<'t> {
    const MOST_DIGITS: usize = 9;

    pub(super) fn of(text: &'t str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (mut number, mut first, mut digits) = (0, 1, 0);
        for byte in bytes.iter().rev() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            if digits == Self::MOST_DIGITS {
                return None;
            }
            first = if digits == 0 { 1 } else { 10 * first };
            number += first * u32::from(digit);
            digits += 1;
        }
        if digits == 0 {
            return None;
        }
        let width = if digits > 1 && number < first { digits as u8 } else { 0 };
        Some(Self { stem: &bytes[..bytes.len() - digits], width, number })
    }

    fn hash(&self) -> u64 {
        hash(self.stem, self.width)
    }

    /// Where a series is remembered that was asked for.
    fn slot(&self) -> usize {
        usize::from(self.stem.last().copied().unwrap_or(0)) % RECENT
    }
}

fn hash(stem: &[u8], width: u8) -> u64 {
    FxBuildHasher.hash_one((stem, width))
}

/// How many series are remembered: most programs have few, and those are found without a hash too.
const RECENT: usize = 32;

/// Every series of some texts, up to a number of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    /// Positions in `all`, by stem and width.
    table: HashTable<u32>,
    all: Vec<One>,
    /// Positions in `all`, of those that were asked for last.
    recent: [u32; RECENT],
}

#[derive(Clone, Debug)]
struct One {
    stem: Box<[u8]>,
    width: u8,
    /// By number, one more than the text's index; 0 where there is none.
    texts: Vec<u32>,
    /// How many texts there are.
    count: u32,
    /// Whether there may be others elsewhere.
    is_split: bool,
}

impl One {
    fn is_of(&self, text: &Numbered<'_>) -> bool {
        self.width == text.width && *self.stem == *text.stem
    }

    fn hash(&self) -> u64 {
        hash(&self.stem, self.width)
    }
}

/// What a series has for a number.
pub(super) enum Place<'s> {
    Taken(u32),
    Free(Free<'s>),
    /// The text has to be kept elsewhere: its number is large, or there are enough series.
    Elsewhere,
}

/// Where a new text goes.
pub(super) struct Free<'s> {
    one: &'s mut One,
    number: usize,
}

impl Free<'_> {
    /// Whether the text is nowhere else.
    pub(super) fn is_sure(&self) -> bool {
        !self.one.is_split
    }

    pub(super) fn take(self, index: u32) {
        let Self { one, number } = self;
        if one.texts.len() <= number {
            one.texts.resize(number + 1, 0);
        }
        one.texts[number] = index + 1;
        one.count += 1;
    }
}

impl Series {
    /// More than programs have. A text without a series costs no more than one without a number.
    const MOST: usize = 1024;
    /// How many numbers there may be for each text.
    const SPARSE: u32 = 4;
    /// As many texts are taken to be there in the beginning.
    const FIRST: u32 = 4;

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The index of a text, if it is in a series.
    pub(super) fn find(&self, text: &Numbered<'_>) -> Option<u32> {
        let one = &self.all[self.recent(text).or_else(|| self.one(text))? as usize];
        one.texts.get(text.number as usize)?.checked_sub(1)
    }

    /// Where a text is or would go.
    pub(super) fn place(&mut self, text: &Numbered<'_>) -> Place<'_> {
        let known = self.recent(text).or_else(|| self.one(text));
        let Some(one) = known.or_else(|| self.start(text)) else { return Place::Elsewhere };
        self.recent[text.slot()] = one;
        let (one, number) = (&mut self.all[one as usize], text.number as usize);
        match one.texts.get(number) {
            Some(&known) if known > 0 => Place::Taken(known - 1),
            None if text.number / Self::SPARSE >= one.count + Self::FIRST => {
                one.is_split = true;
                Place::Elsewhere
            }
            _ => Place::Free(Free { one, number }),
        }
    }

    fn recent(&self, text: &Numbered<'_>) -> Option<u32> {
        let one = self.recent[text.slot()];
        self.all.get(one as usize).is_some_and(|one| one.is_of(text)).then_some(one)
    }

    fn one(&self, text: &Numbered<'_>) -> Option<u32> {
        self.table.find(text.hash(), |&one| self.all[one as usize].is_of(text)).copied()
    }

    fn start(&mut self, text: &Numbered<'_>) -> Option<u32> {
        let Self { table, all, .. } = self;
        let one = all.len() as u32;
        if all.len() == Self::MOST {
            return None;
        }
        all.push(One {
            stem: text.stem.into(),
            width: text.width,
            texts: Vec::new(),
            count: 0,
            is_split: false,
        });
        table.insert_unique(text.hash(), one, |&one| all[one as usize].hash());
        Some(one)
    }
}
