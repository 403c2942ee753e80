//! A GitLab code quality report: one JSON array, shown in merge requests.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::fingerprint::Fingerprints;
use super::shown;
use crate::{Diagnostic, Severity, Sources};

struct Report<'a> {
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fingerprints = Fingerprints::default();
        serializer.collect_seq(shown(self.diagnostics).map(|diagnostic| {
            let fingerprint = fingerprints.next(diagnostic, self.sources).to_string();
            issue(diagnostic, self.sources, fingerprint)
        }))
    }
}

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Report { diagnostics, sources })?;
    writeln!(out)
}

fn issue<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, fingerprint: String) -> Issue<'a> {
    let span = diagnostic.primary.span;
    let (start, end) = sources.places(span);
    Issue {
        description: &diagnostic.message,
        check_name: format!("{} {}", diagnostic.rule.code, diagnostic.rule.name),
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "critical",
            Severity::Silent => "major",
            Severity::Lint => "minor",
        },
        location: Location {
            path: &sources.file(span.file).name,
            positions: Positions {
                begin: Position { line: start.line, column: start.column },
                end: Position { line: end.line, column: end.column },
            },
        },
    }
}
