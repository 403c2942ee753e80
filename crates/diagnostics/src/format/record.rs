//! One diagnostic as a JSON object, the form that `json` and `jsonl` share.

use serde::Serialize;

use crate::{Code, Diagnostic, Label, LineColumn, Sources, Span};

/// The version of the form; it grows by one when a reader of the old form would misread the new one.
pub(super) const SCHEMA: u32 = 1;

/// A diagnostic.
#[derive(Serialize)]
pub(super) struct Record<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    location: Location<'a>,
    related: Vec<Location<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    returns: Option<Returned>,
}

/// A place and what is said about it.
#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    start: Place,
    end: Place,
    label: Option<&'a str>,
}

/// A place: line and column count from 1, columns count characters, the offset counts bytes from 0.
#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: usize,
}

/// A return code of the runtime.
#[derive(Serialize)]
struct Returned {
    code: i32,
    symbol: Option<&'static str>,
}

impl<'a> Record<'a> {
    pub(super) fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        Self {
            code: diagnostic.rule.code,
            name: diagnostic.rule.name,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            location: location(&diagnostic.primary, sources),
            related: diagnostic.related.iter().map(|label| location(label, sources)).collect(),
            notes: &diagnostic.notes,
            help: diagnostic.help.as_deref(),
            returns: diagnostic
                .returns
                .map(|code| Returned { code, symbol: Code::find(code).map(|code| code.symbol) }),
        }
    }
}

fn location<'a>(label: &'a Label, sources: &'a Sources) -> Location<'a> {
    let Span { file, .. } = label.span;
    let source = sources.file(file);
    let range = source.clamp(label.span);
    let place = |offset: usize| {
        let LineColumn { line, column } = source.line_column(offset as u32);
        Place { line, column, offset }
    };
    Location {
        file: &source.name,
        start: place(range.start),
        end: place(range.end),
        label: Some(label.text.as_str()).filter(|text| !text.is_empty()),
    }
}
