//! A `JUnit` XML report: a test suite for each file, in which every diagnostic is a failed case.
//!
//! A file without a diagnostic is a suite with one case that passed, so that a clean run is not an empty report.

use std::io::{self, Write};

use super::plain_text::story;
use super::shown;
use crate::{Diagnostic, Sources};

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file: Vec<&Diagnostic> = shown(diagnostics).collect();
    by_file.sort_by_key(|diagnostic| diagnostic.primary.span.file);
    let failures = by_file.len();
    let clean = sources.iter().count() - by_file.chunk_by(|a, b| is_in_same_file(a, b)).count();

    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let tests = failures + clean;
    writeln!(out, r#"<testsuites name="acg" tests="{tests}" failures="{failures}" errors="0">"#)?;
    let mut chunks = by_file.chunk_by(|a, b| is_in_same_file(a, b)).peekable();
    for (id, source) in sources.iter() {
        let cases = chunks.next_if(|chunk| chunk[0].primary.span.file == id).unwrap_or_default();
        let (name, failures) = (escape(&source.name), cases.len());
        let tests = failures.max(1);
        writeln!(out, r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0">"#)?;
        if cases.is_empty() {
            writeln!(out, r#"    <testcase name="no findings" classname="{name}"/>"#)?;
        }
        for case in cases {
            write_case(case, &name, sources, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn is_in_same_file(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.primary.span.file == b.primary.span.file
}

/// `name` is the file's, escaped.
fn write_case(diagnostic: &Diagnostic, name: &str, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let (place, _) = sources.places(diagnostic.primary.span);
    let (rule, line, column) = (diagnostic.rule, place.line, place.column);
    let title = escape(&format!("{} {} at {line}:{column}", rule.code, rule.name));
    writeln!(out, r#"    <testcase name="{title}" classname="{name}" line="{line}">"#)?;
    let short = escape(&diagnostic.message);
    write!(out, r#"      <failure type="{}" message="{short}">"#, diagnostic.severity)?;
    writeln!(out, "{name}:{line}:{column}: {}</failure>", escape(&story(diagnostic)))?;
    writeln!(out, "    </testcase>")
}

/// `text` as XML content or attribute value; characters that XML cannot hold become the replacement character.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}
