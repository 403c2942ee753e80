//! GitHub workflow commands, which show as annotations on the changed lines of a pull request.

use std::io::{self, Write};

use super::plain_text::story;
use super::shown;
use crate::{Diagnostic, Severity, Sources};

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in shown(diagnostics) {
        let span = diagnostic.primary.span;
        let (start, end) = sources.places(span);
        let file = property(&sources.file(span.file).name);
        write!(
            out,
            "::{} file={file},line={},endLine={}",
            command(diagnostic.severity),
            start.line,
            end.line
        )?;
        if start.line == end.line {
            // GitHub takes columns only within one line.
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
        let rule = diagnostic.rule;
        let title = property(&format!("{} {}", rule.code, rule.name));
        writeln!(out, ",title={title}::{}", data(&story(diagnostic)))?;
    }
    Ok(())
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Silent => "warning",
        Severity::Lint => "notice",
    }
}

/// `text` as the message of a command.
fn data(text: &str) -> String {
    escape(text, false)
}

/// `text` as the value of a property, which ends at a comma or colon.
fn property(text: &str) -> String {
    escape(text, true)
}

fn escape(text: &str, is_property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if is_property => escaped.push_str("%3A"),
            ',' if is_property => escaped.push_str("%2C"),
            c => escaped.push(c),
        }
    }
    escaped
}
