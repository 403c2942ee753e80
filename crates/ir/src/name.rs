//! What a name of the language looks like.

use acg_operators::DType;

/// Words that no declaration may use, because a line that starts with one, or a value that is one, would be read otherwise.
pub const RESERVED: &[&str] = &[
    "target", "host", "device", "temp", "stream", "event", "notify", "graph", "default", "group", "relaxed",
    "auto", "bytes", "true", "false", "inf", "nan", "run", "model", "ge", "lock", "thread", "cond", "if",
    "else", "while", "switch", "case", "segment", "update", "init", "repeat", "print", "expect", "load",
    "compile",
];

/// Whether `text` is a word that no declaration may use: one of [`RESERVED`] or an element type.
pub fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text) || text.parse::<DType>().is_ok()
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
