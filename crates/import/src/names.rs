//! Names that are free, and look like what they are made from.

use acg_ir::name::{is_name, is_reserved};
use rustc_hash::FxHashMap;

/// The names of one scope.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Every name, with the number to try next behind it.
    taken: FxHashMap<String, u32>,
}

impl Names {
    /// Takes a name that reads like `text`: itself where it is free, else with a number, `side.1`.
    pub(crate) fn take(&mut self, text: &str) -> String {
        let base = spell(text);
        let mut number = *self.taken.get(&base).unwrap_or(&0);
        let mut name = base.clone();
        while self.taken.contains_key(&name) {
            number += 1;
            name = format!("{base}.{number}");
        }
        if number > 0 {
            self.taken.insert(base, number);
        }
        self.taken.insert(name.clone(), 0);
        name
    }
}

/// A name that reads like `text`.
pub(crate) fn spell(text: &str) -> String {
    if is_name(text) {
        return text.to_owned();
    }
    if is_reserved(text) {
        return format!("{text}_");
    }
    let fits = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let mut name: String = text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    if !name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()) {
        name.insert(0, '_');
    }
    if is_name(&name) { name } else { format!("{name}_") }
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
        let mut names = Names::default();
        let taken: Vec<_> = ["a", "a", "a.1", "a", "a.1"].iter().map(|text| names.take(text)).collect();
        assert_eq!(taken, ["a", "a.1", "a.1.1", "a.2", "a.1.2"]);
    }
}
