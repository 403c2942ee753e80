//! Emitted text, line by line: C++ or Python.

use std::fmt::{Arguments, Write};

/// How long the text of a part grows.
const PART: usize = 1 << 20;

/// Text with an indentation.
#[derive(Debug)]
pub(crate) struct Writer {
    /// The text so far, in parts: one that grows to a gigabyte would be copied each time that it doubles.
    parts: Vec<String>,
    /// The last of them.
    text: String,
    depth: usize,
    /// What a comment starts with.
    comment: &'static str,
}

impl Writer {
    /// How many levels in the next line starts.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// An empty C++ text whose lines start `depth` levels in.
    pub(crate) fn cpp(depth: usize) -> Self {
        Self { parts: Vec::new(), text: String::new(), depth, comment: "//" }
    }

    /// An empty Python text whose lines start `depth` levels in.
    pub(crate) fn python(depth: usize) -> Self {
        Self { parts: Vec::new(), text: String::new(), depth, comment: "#" }
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: &str) {
        self.format(format_args!("{line}"));
    }

    /// Adds a line.
    pub(crate) fn format(&mut self, line: Arguments<'_>) {
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
        if self.text.len() >= PART {
            // No line is much longer than others, so the next part fits the room of this one.
            let next = String::with_capacity(PART + PART / 16);
            self.parts.push(std::mem::replace(&mut self.text, next));
        }
    }

    /// Adds a line that opens a block.
    pub(crate) fn open(&mut self, line: Arguments<'_>) {
        self.format(line);
        self.depth += 1;
    }

    /// Adds a line that closes one.
    pub(crate) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(line);
    }

    /// Ends a block that no line closes.
    pub(crate) fn dedent(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// What breaks a line so that it goes on under the text behind `opening`.
    pub(crate) fn continuation(&self, opening: &str) -> String {
        format!("\n{:1$}", "", 4 * self.depth + opening.len())
    }

    /// Adds a comment line; what could end or change it is taken out.
    pub(crate) fn comment(&mut self, text: &str) {
        let harmless: String = text.chars().map(|c| if is_disruptive(c) { ' ' } else { c }).collect();
        // A backslash at the end would make the next line a comment too.
        let harmless = harmless.trim_end();
        let end = if harmless.ends_with('\\') { " ." } else { "" };
        let mark = self.comment;
        self.format(format_args!("{mark} {harmless}{end}"));
    }

    /// Adds lines as they are.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The text, in parts that follow each other.
    pub(crate) fn into_parts(mut self) -> Vec<String> {
        self.parts.push(self.text);
        self.parts
    }
}

/// Whether a character breaks a line or changes the direction in which an editor shows it.
fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stays_one_line() {
        let mut writer = Writer::cpp(1);
        writer.comment("a\nb \\");
        writer.comment("\u{202e}x");
        assert_eq!(writer.into_parts().concat(), "    // a b \\ .\n    //  x\n");
    }

    #[test]
    fn parts_follow_each_other() {
        let mut writer = Writer::cpp(0);
        let lines = || (0..200_000).map(|number| format!("line {number}"));
        lines().for_each(|line| writer.line(&line));
        let parts = writer.into_parts();
        assert!(parts.len() > 1);
        assert!(parts.concat().lines().eq(lines()));
    }
}
