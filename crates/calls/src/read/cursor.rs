//! A position in one line.

use acg_diagnostics::{Diagnostic, FileId, Rule, Span};

use crate::rules;
use crate::text::{is_bare, unescape};

/// A problem with a line; boxed, because nearly every line has none.
pub(super) type Problem = Box<Diagnostic>;

/// What reading a part of a line gives.
pub(super) type Parsed<T> = Result<T, Problem>;

/// A position in one line of a log.
pub(super) struct Cursor<'t> {
    file: FileId,
    /// The whole log up to the end of the line.
    text: &'t str,
    /// The next byte.
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    /// A cursor at `start` of a line that ends at `end`.
    pub(super) fn new(file: FileId, text: &'t str, start: usize, end: usize) -> Self {
        Self { file, text: &text[..end], at: start }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes `byte` if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Passes blanks.
    pub(super) fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes bytes as long as `wanted` says so.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        // Every caller stops at an ASCII byte or takes all others, so this is a character boundary.
        self.text.get(start..self.at).unwrap_or("")
    }

    /// Passes a name or number, which may be empty.
    pub(super) fn token(&mut self) -> &'t str {
        self.take_while(is_bare)
    }

    /// Passes digits and gives their value; `None` for no digits or too many.
    pub(super) fn natural(&mut self) -> Option<u32> {
        self.take_while(|byte| byte.is_ascii_digit()).parse().ok()
    }

    /// What is left of the line.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Passes a text in the quotes that are next, unescaped into `out`.
    pub(super) fn quoted(&mut self, out: &mut String) -> Parsed<()> {
        out.clear();
        let start = self.at;
        let Some(quote) = self.peek() else {
            return Err(self.problem(&rules::UNCLOSED, start, "a string is missing"));
        };
        self.at += 1;
        loop {
            out.push_str(self.take_while(|byte| byte != quote && byte != b'\\'));
            if self.eat(quote) {
                return Ok(());
            }
            let escape = self.at;
            if !self.eat(b'\\') {
                let missing = format!("the string has no closing `{}`", quote as char);
                return Err(self.problem(&rules::UNCLOSED, start, missing));
            }
            let Some((character, length)) = unescape(self.rest()) else {
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                let known = "known are `\\n`, `\\r`, `\\t`, `\\0`, `\\\\`, `\\\"`, `\\xNN` and `\\u{NNNN}`";
                return Err(Box::new(
                    self.problem(&rules::UNCLOSED, escape, "unknown escape in a string").help(known),
                ));
            };
            out.push(character);
            self.at += length;
        }
    }

    /// The bytes from `start` to here.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start as u32, self.at.max(start) as u32)
    }

    /// A problem with the bytes from `start` to here.
    pub(super) fn problem(&self, rule: &'static Rule, start: usize, message: impl Into<String>) -> Problem {
        Box::new(Diagnostic::new(rule, self.span_from(start), message))
    }

    /// What stands here, for a message: the next name, or the next character, or the end of the line.
    pub(super) fn found(&mut self) -> String {
        let token = self.token();
        if !token.is_empty() {
            return format!("`{token}`");
        }
        match self.rest().chars().next() {
            Some(character) => {
                self.at += character.len_utf8();
                format!("`{}`", character.escape_debug())
            }
            None => "the end of the line".to_owned(),
        }
    }
}
