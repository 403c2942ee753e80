//! What a name of the language looks like.

use acg_operators::DType;

/// Words that no declaration may use, because a line that starts with one, or a value that is one, would be read otherwise.
pub const RESERVED: &[&str] = &[
    "target", "host", "device", "temp", "stream", "event", "notify", "graph", "default", "group", "relaxed",
    "auto", "bytes", "true", "false", "inf", "nan", "run", "model", "ge", "lock", "thread", "cond", "if",
    "else", "while", "switch", "case", "segment", "update", "init", "repeat", "print", "expect", "load",
    "compile",
];

/// Words, most other texts being told from them by their first byte and their length.
pub struct Words<'w> {
    all: &'w [&'w str],
    /// How long words are that begin with a byte: a bit for each length.
    lengths: [u64; 256],
    /// Where the first and the last of them are.
    places: [(u8, u8); 256],
}

impl<'w> Words<'w> {
    /// These words, none of them empty or longer than 63 bytes.
    ///
    /// # Panics
    /// With more than 255 words.
    pub const fn new(words: &'w [&'w str]) -> Self {
        let (mut lengths, mut places) = ([0; 256], [(0, 0); 256]);
        let mut place = 0;
        while place < words.len() {
            let first = words[place].as_bytes()[0] as usize;
            if lengths[first] == 0 {
                places[first].0 = place as u8;
            }
            lengths[first] |= 1 << words[place].len();
            places[first].1 = place as u8;
            place += 1;
        }
        assert!(words.len() <= u8::MAX as usize, "the place of a word is one byte");
        Self { all: words, lengths, places }
    }

    /// Whether `text` is one of them.
    pub fn contains(&self, text: &str) -> bool {
        let Some(&first) = text.as_bytes().first() else { return false };
        let may_be = text.len() < 64 && self.lengths[first as usize] >> text.len() & 1 == 1;
        let (start, last) = self.places[first as usize];
        may_be && self.all[start as usize..=last as usize].contains(&text)
    }
}

/// Whether `text` is a word that no declaration may use: one of [`RESERVED`] or an element type.
pub fn is_reserved(text: &str) -> bool {
    static WORDS: Words<'_> = Words::new(RESERVED);
    static DTYPES: Words<'_> = Words::new(&DType::NAMES);
    WORDS.contains(text) || DTYPES.contains(text)
}

/// Whether `text` can be declared: a letter or `_`, then letters, digits and `_`, with inner points as in `out.1`.
///
/// Letters and digits are those of Unicode's `XID_Start` and `XID_Continue`.
pub fn is_name(text: &str) -> bool {
    let mut parts = text.split('.');
    let starts = |c: char| c == '_' || unicode_ident::is_xid_start(c);
    let first = parts.next().unwrap_or("");
    first.starts_with(starts)
        && first.chars().all(unicode_ident::is_xid_continue)
        && parts.all(|part| !part.is_empty() && part.chars().all(unicode_ident::is_xid_continue))
        && !is_reserved(text)
}

/// The words of a call as logs write it that may be names, in order and with the bytes at which they start; what its texts in
/// quotes say is none.
pub fn words(call: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut quoted, mut escaped) = (false, false);
    let ends = move |c: char| {
        let was = quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        was || !(c == '_' || c == '.' || unicode_ident::is_xid_continue(c))
    };
    let start = call.as_ptr().addr();
    let parts = call.split(ends).filter(|word| is_name(word) || is_reserved(word));
    parts.map(move |word| (word.as_ptr().addr() - start, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_with_inner_points() {
        for name in ["a", "_x", "out.1", "a.b.c", "流", "tensor2", "query"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["", "1a", ".a", "a.", "a..b", "a-b", "f16", "stream", "a b"] {
            assert!(!is_name(text), "{text}");
        }
    }
}
