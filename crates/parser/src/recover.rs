//! Reads one run of lines: common ones by scanning, the others by the grammar; where that fails, line by line, so that one bad line
//! costs only itself.

use pest::Parser;

use crate::convert::Converter;
use crate::explain::{SYNTAX_ERROR, explain};
use crate::forms;
use crate::grammar::{Grammar, Rule};
use crate::lines::{self, Line};
use crate::syntax::{Text, Tree};
use acg_diagnostics::{Diagnostic, FileId};

/// What is said about bad lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What is wrong with each of them.
    Explained,
    /// That they are bad: nobody is shown more.
    Counted,
}

/// The statements of the lines of a run, bad lines among them.
pub(crate) fn read(file: FileId, text: &str, run: &[Line], detail: Detail) -> Tree {
    let mut converter = Converter::new(file, text);
    converter.tree.reserve(run.len());
    // Lines that are left to the grammar, read together where they follow each other.
    let mut left: Option<Text> = None;
    for &line in run {
        if let Some(kind) = converter.scan(line) {
            if let Some(left) = left.take() {
                read_lines(file, text, left, detail, &mut converter);
            }
            converter.scanned(line, kind);
        } else if detail == Detail::Explained {
            left = Some(left.map_or(line.text, |left| left.to(line.text)));
        } else if forms::may_be_statement(line.text.of(text)) {
            // In a file with this many bad lines, the one before or behind is likely to be bad.
            read_line(file, text, line, detail, &mut converter);
        } else {
            let (statement, comment) = split_comment(text, line);
            bad_line(file, text, statement, comment, &mut converter);
        }
    }
    if let Some(left) = left {
        read_lines(file, text, left, detail, &mut converter);
    }
    converter.tree
}

/// Reads lines by the grammar.
fn read_lines(file: FileId, text: &str, run: Text, detail: Detail, converter: &mut Converter<'_>) {
    match Grammar::parse(Rule::chunk, run.of(text)) {
        Ok(mut pairs) => {
            if let Some(chunk) = pairs.next() {
                converter.chunk(run.start, chunk);
            }
        }
        Err(_) => {
            for line in lines::of_run(text, run) {
                read_line(file, text, line, detail, converter);
            }
        }
    }
}

fn read_line(file: FileId, text: &str, line: Line, detail: Detail, converter: &mut Converter<'_>) {
    match Grammar::parse(Rule::chunk, line.text.of(text)) {
        Ok(mut pairs) => {
            if let Some(chunk) = pairs.next() {
                converter.chunk(line.text.start, chunk);
            }
        }
        Err(error) => {
            let (statement, comment) = split_comment(text, line);
            if detail == Detail::Counted {
                return bad_line(file, text, statement, comment, converter);
            }
            let diagnostic = Box::new(explain(file, text, statement, &error));
            let declared = declared_names(statement.text.of(text), statement.text.start, false);
            converter.bad(statement, diagnostic, &declared, comment);
        }
    }
}

/// Counts a line that is no statement.
fn bad_line(file: FileId, text: &str, line: Line, comment: Option<Text>, converter: &mut Converter<'_>) {
    let diagnostic = Box::new(Diagnostic::new(&SYNTAX_ERROR, line.text.span(file), ""));
    let declared = declared_names(line.text.of(text), line.text.start, false);
    converter.bad(line, diagnostic, &declared, comment);
}

/// A line and the comment at its end.
fn split_comment(text: &str, line: Line) -> (Line, Option<Text>) {
    let whole = line.text.of(text);
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in whole.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'/' if !quoted && whole[at..].starts_with("//") => {
                let statement = whole[..at].trim_end().len() as u32;
                let Text { start, end } = line.text;
                let comment = Text { start: start + at as u32, end };
                return (Line { text: Text { start, end: start + statement } }, Some(comment));
            }
            _ => {}
        }
    }
    (line, None)
}

/// The names that a line probably declares: a list after its first word, separated by commas where `strict`.
pub(crate) fn declared_names(line: &str, start: u32, strict: bool) -> Vec<Text> {
    const DECLARATIONS: [&str; 13] = [
        "host", "device", "temp", "stream", "event", "notify", "graph", "default", "thread", "lock",
        "context", "model", "cond",
    ];
    let mut at = line.find(|c| !is_name_char(c)).unwrap_or(line.len());
    if !DECLARATIONS.contains(&&line[..at]) {
        return Vec::new();
    }
    if &line[..at] == "default" {
        at += line[at..].find("stream").map_or(0, |skip| skip + "stream".len());
    }
    names_from(line, at, start, strict)
}

/// Names from byte `at` of `line`, which starts at byte `start` of the file.
fn names_from(line: &str, mut at: usize, start: u32, strict: bool) -> Vec<Text> {
    const MOST: usize = 1000;
    let mut names = Vec::new();
    while names.len() < MOST {
        let rest = line[at..].trim_start_matches([' ', '\t', ',']);
        let gap = &line[at..line.len() - rest.len()];
        if strict && !names.is_empty() && !gap.contains(',') {
            break;
        }
        at += gap.len();
        let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        if length == 0 {
            break;
        }
        names.push(Text { start: start + at as u32, end: start + (at + length) as u32 });
        at += length;
    }
    names
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}
