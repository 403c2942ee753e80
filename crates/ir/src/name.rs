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
    words: &'w [&'w str],
    /// How long words are that begin with a byte: a bit for each length.
    lengths: [u64; 256],
}

impl<'w> Words<'w> {
    /// These words, none of them empty or longer than 63 bytes.
    pub const fn new(words: &'w [&'w str]) -> Self {
        let mut lengths = [0; 256];
        let mut rest = words;
        while let [first, others @ ..] = rest {
            lengths[first.as_bytes()[0] as usize] |= 1 << first.len();
            rest = others;
        }
        Self { words, lengths }
    }

    /// Whether `text` is one of them.
    pub fn contains(&self, text: &str) -> bool {
        let lengths = text.as_bytes().first().map_or(0, |&first| self.lengths[first as usize]);
        text.len() < 64 && lengths >> text.len() & 1 == 1 && self.words.contains(&text)
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
