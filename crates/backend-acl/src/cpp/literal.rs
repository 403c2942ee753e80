//! C++ literals.

use std::fmt::Write;

/// A C++ string literal with the bytes of `text`.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' => literal.push_str("\\\""),
            b'\\' => literal.push_str("\\\\"),
            b'\n' => literal.push_str("\\n"),
            // An octal escape has at most three digits, so what follows cannot become part of it.
            0..0x20 | 0x7f.. => {
                let _ = write!(literal, "\\{byte:03o}");
            }
            b'?' => literal.push_str("\\?"),
            _ => literal.push(char::from(byte)),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_hold_any_text() {
        assert_eq!(quoted("a\"b\\c\n1ü"), "\"a\\\"b\\\\c\\n1\\303\\274\"");
        assert_eq!(quoted("??/"), "\"\\?\\?/\"");
    }
}
