//! Names of the source as C identifiers.
//!
//! A name that is an identifier already stays as it is. Any other is spelt in ASCII, and gets a number where that
//! spelling is taken. Names of declarations come first, so that a generated name never takes one away.

use acg_calls::{Log, Name};
use acg_ir::name::Words;
use rustc_hash::FxHashMap;

/// Words of C and C++ that cannot name anything, and macros that every program has.
const RESERVED: &[&str] = &[
    "EOF",
    "NULL",
    "_Alignas",
    "_Alignof",
    "_Atomic",
    "_Bool",
    "_Complex",
    "_Generic",
    "_Imaginary",
    "_Noreturn",
    "_Static_assert",
    "_Thread_local",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "linux",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
];

/// The identifiers that are in use.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    /// By [`Name::index`].
    taken: Vec<bool>,
    /// The number to try next behind a spelling that is taken.
    numbers: FxHashMap<Name, u32>,
}

impl Identifiers {
    /// Takes `text` itself; `None` where it is no identifier or taken.
    pub(crate) fn exact(&mut self, log: &mut Log, text: &str) -> Option<Name> {
        is_identifier(text).then(|| log.name(text)).filter(|&name| self.take(name))
    }

    /// Takes the spelling of `text`, with a number where it is taken.
    pub(crate) fn unique(&mut self, log: &mut Log, text: &str) -> Name {
        let base = spell(text);
        let first = log.name(&base);
        if self.take(first) {
            return first;
        }
        loop {
            let number = self.numbers.entry(first).or_insert(1);
            *number += 1;
            let name = log.name(&format!("{base}_{number}"));
            if self.take(name) {
                return name;
            }
        }
    }

    fn take(&mut self, name: Name) -> bool {
        if name.index() >= self.taken.len() {
            self.taken.resize(name.index() + 1, false);
        }
        !std::mem::replace(&mut self.taken[name.index()], true)
    }
}

/// Whether `text` may name a variable in C and C++.
fn is_identifier(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty()
        && text.bytes().all(plain)
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && !is_reserved(text)
}

fn is_reserved(text: &str) -> bool {
    static WORDS: Words<'_> = Words::new(RESERVED);
    (text.starts_with("ACL_") && !text.ends_with('_')) || WORDS.contains(text)
}

/// An ASCII identifier that reads like `text`: `.` becomes `_`, any other character its code point.
fn spell(text: &str) -> String {
    use std::fmt::Write;
    let mut spelt = String::with_capacity(text.len());
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        spelt.push('_');
    }
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => spelt.push(character),
            '.' | '-' | ' ' => spelt.push('_'),
            other => write!(spelt, "_u{:04x}", u32::from(other)).expect("a string takes all text"),
        }
    }
    if spelt.is_empty() || is_reserved(&spelt) {
        spelt.push('_');
    }
    spelt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_in_order() {
        assert!(RESERVED.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn every_spelling_is_an_identifier() {
        for text in ["", "main", "out.1", "größe", "流", "class", "ACL_FLOAT", "1st", "a b", "NULL", "_"] {
            assert!(is_identifier(&spell(text)), "{text} became {}", spell(text));
        }
        assert_eq!(spell("out.1"), "out_1");
        assert_eq!(spell("größe"), "gr_u00f6_u00dfe");
        assert_eq!(spell("new"), "new_");
    }

    #[test]
    fn equal_spellings_get_numbers() {
        let mut log = Log::new();
        let mut identifiers = Identifiers::default();
        assert!(identifiers.exact(&mut log, "a_1").is_some());
        assert!(identifiers.exact(&mut log, "a.1").is_none());
        let names: Vec<_> = (0..3).map(|_| identifiers.unique(&mut log, "a.1")).collect();
        let texts: Vec<_> = names.iter().map(|&name| log.text(name)).collect();
        assert_eq!(texts, ["a_1_2", "a_1_3", "a_1_4"]);
    }
}
