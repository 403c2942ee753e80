//! Names that are free, and look like what they are made from.

use std::borrow::Cow;

use acg_ir::name::{is_name, is_reserved};
use acg_ir::{Symbol, Symbols};
use rustc_hash::FxHashMap;

/// The names of one scope.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Every name, with the number to try next behind it.
    taken: FxHashMap<Symbol, u32>,
}

impl Names {
    /// Whether a name is one of them.
    pub(crate) fn is_taken(&self, name: Symbol) -> bool {
        self.taken.contains_key(&name)
    }

    /// Takes a name that reads like `text`: itself where it is free, else with a number, `side.1`.
    pub(crate) fn take(&mut self, symbols: &mut Symbols, text: &str) -> Symbol {
        let spelt = spell(text);
        let base = symbols.intern(&spelt);
        let mut number = *self.taken.get(&base).unwrap_or(&0);
        let mut name = base;
        while self.taken.contains_key(&name) {
            number += 1;
            name = symbols.intern(&format!("{spelt}.{number}"));
        }
        if number > 0 {
            self.taken.insert(base, number);
        }
        self.taken.insert(name, 0);
        name
    }
}

/// A name that reads like `text`.
pub(crate) fn spell(text: &str) -> Cow<'_, str> {
    if is_name(text) {
        return Cow::Borrowed(text);
    }
    if is_reserved(text) {
        return Cow::Owned(format!("{text}_"));
    }
    let fits = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let mut name: String = text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    if !name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()) {
        name.insert(0, '_');
    }
    Cow::Owned(if is_name(&name) { name } else { format!("{name}_") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_becomes_a_name() {
        for (text, name) in [
            ("main", "main"),
            ("out.1", "out.1"),
            ("stream", "stream_"),
            ("f16", "f16_"),
            ("0x7f", "_0x7f"),
            ("a-b c", "a_b_c"),
            ("", "_"),
            ("流", "流"),
        ] {
            assert_eq!(spell(text), name);
            assert!(is_name(name));
        }
    }

    #[test]
    fn equal_names_get_numbers() {
        let (mut names, mut symbols) = (Names::default(), Symbols::default());
        let taken = ["a", "a", "a.1", "a", "a.1"].map(|text| names.take(&mut symbols, text));
        let taken = taken.map(|name| symbols.text(name));
        assert_eq!(taken, ["a", "a.1", "a.1.1", "a.2", "a.1.2"]);
    }
}
