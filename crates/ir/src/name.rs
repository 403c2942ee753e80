//! What a name of the language looks like.

use acg_operators::DType;

/// Words that no declaration may use, because a line that starts with one, or a value that is one, would be read otherwise.
pub const RESERVED: &[&str] = &[
    "target", "host", "device", "temp", "stream", "event", "notify", "graph", "default", "group", "relaxed",
    "auto", "bytes", "true", "false", "inf", "nan", "run", "model", "ge", "lock", "thread", "cond", "if",
    "else", "while", "switch", "case", "segment", "update", "init", "repeat", "print", "expect", "load",
    "compile",
];

/// How long reserved words are that begin with a byte: a bit for each length.
const LENGTHS: [u64; 256] = {
    let mut lengths = [0; 256];
    let mut words: [&[&str]; 2] = [RESERVED, &DType::NAMES];
    while let [[first, rest @ ..], ..] = words {
        lengths[first.as_bytes()[0] as usize] |= 1 << first.len();
        words[0] = rest;
        if rest.is_empty() {
            words = [words[1], &[]];
        }
    }
    lengths
};

/// Whether `text` is a word that no declaration may use: one of [`RESERVED`] or an element type.
pub fn is_reserved(text: &str) -> bool {
    let lengths = text.as_bytes().first().map_or(0, |&first| LENGTHS[first as usize]);
    // Hardly any name begins like one of these words and is as long.
    text.len() < 64
        && lengths >> text.len() & 1 == 1
        && (RESERVED.contains(&text) || DType::named(text).is_some())
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
