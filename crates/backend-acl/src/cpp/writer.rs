//! C++ text, line by line.

use std::fmt::{Arguments, Write};

/// Text with an indentation.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    /// An empty text whose lines start `depth` levels in.
    pub(super) fn new(depth: usize) -> Self {
        Self { text: String::new(), depth }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &str) {
        self.format(format_args!("{line}"));
    }

    /// Adds a line.
    pub(super) fn format(&mut self, line: Arguments<'_>) {
        let start = self.text.len();
        for _ in 0..self.depth {
            self.text.push_str("    ");
        }
        let indented = self.text.len();
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(line);
        if self.text.len() == indented {
            self.text.truncate(start);
        }
        self.text.push('\n');
    }

    /// Adds a line that opens a block.
    pub(super) fn open(&mut self, line: Arguments<'_>) {
        self.format(line);
        self.depth += 1;
    }

    /// Adds a line that closes one.
    pub(super) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(line);
    }

    /// What breaks a line so that it goes on under the text behind `opening`.
    pub(super) fn continuation(&self, opening: &str) -> String {
        format!("\n{:1$}", "", 4 * self.depth + opening.len())
    }

    /// Adds a comment line; what could end or change it is taken out.
    pub(super) fn comment(&mut self, text: &str) {
        let harmless: String = text.chars().map(|c| if is_disruptive(c) { ' ' } else { c }).collect();
        // A backslash at the end would make the next line a comment too.
        let harmless = harmless.trim_end();
        let end = if harmless.ends_with('\\') { " ." } else { "" };
        self.format(format_args!("// {harmless}{end}"));
    }

    /// Adds lines as they are.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn into_string(self) -> String {
        self.text
    }
}

/// Whether a character breaks a line or changes the direction in which an editor shows it.
fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

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

    #[test]
    fn a_comment_stays_one_line() {
        let mut writer = Writer::new(1);
        writer.comment("a\nb \\");
        writer.comment("\u{202e}x");
        assert_eq!(writer.as_str(), "    // a b \\ .\n    //  x\n");
    }
}
