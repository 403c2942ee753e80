//! Interned text: names, kernel names, string and number literals.
//!
//! All texts stand in one buffer, so a million kernel names cost no million allocations.

use std::hash::{BuildHasher, Hash, Hasher};

use rustc_hash::FxBuildHasher;

use crate::entity::Entity;

crate::entity! {
    /// One interned text.
    Symbol, "sym"
}

/// The texts of a module.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    text: String,
    /// Where each symbol ends in `text`; it starts where the one before it ends.
    ends: Vec<u32>,
    /// Open-addressed table of symbol positions plus one; zero is free.
    slots: Vec<u32>,
}

impl Symbols {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.at(symbol.index())
    }

    /// The symbol of `text`, made if there is none; panics past 4 GiB of text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let slot = self.slot(text);
        if self.slots[slot] == 0 {
            self.text.push_str(text);
            self.ends.push(u32::try_from(self.text.len()).expect("less than 4 GiB of names"));
            self.slots[slot] = self.ends.len() as u32;
        }
        Symbol::at(self.slots[slot] as usize - 1)
    }

    /// The symbol of `text`, if it was ever interned.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        if self.slots.is_empty() {
            return None;
        }
        let entry = self.slots[self.slot(text)];
        (entry != 0).then(|| Symbol::at(entry as usize - 1))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn at(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[index] as usize]
    }

    /// The slot that holds `text`, or the free one where it would go.
    fn slot(&self, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(text) as usize & mask;
        while self.slots[slot] != 0 && self.at(self.slots[slot] as usize - 1) != text {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let capacity = (self.slots.len() * 2).max(64);
        self.slots = vec![0; capacity];
        for index in 0..self.ends.len() {
            let mut slot = hash(self.at(index)) as usize & (capacity - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (capacity - 1);
            }
            self.slots[slot] = index as u32 + 1;
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    text.hash(&mut hasher);
    // The table uses the low bits, and Fx leaves its entropy in the high ones.
    hasher.finish().rotate_left(26)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interning_is_a_bijection() {
        let mut symbols = Symbols::new();
        let made: Vec<_> = (0..1000).map(|n| symbols.intern(&format!("name_{n}"))).collect();
        for (n, &symbol) in made.iter().enumerate() {
            assert_eq!(symbols.text(symbol), format!("name_{n}"));
            assert_eq!(symbols.intern(&format!("name_{n}")), symbol);
            assert_eq!(symbols.find(&format!("name_{n}")), Some(symbol));
        }
        assert_eq!(symbols.find("other"), None);
        assert_eq!(symbols.len(), 1000);
    }
}
