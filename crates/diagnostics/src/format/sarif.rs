//! SARIF 2.1.0, as code scanning services read it.
//!
//! The log is written by hand from the standard: one run, the rules that occur, and a result for each diagnostic.
//! Covered diagnostics are results with a suppression. Columns count code points.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::fingerprint::Fingerprints;
use super::plain_text::story;
use crate::{Diagnostic, Label, Rule, Severity, Sources, Span};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Results<'a>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<RuleDescription>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleDescription {
    id: &'static str,
    name: &'static str,
    short_description: Text<'static>,
    help: Text<'static>,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    severity: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    returns: &'static [i32],
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    targets: &'static [&'static str],
}

/// Diagnostics that become results one at a time, so that the log never exists in memory.
struct Results<'a> {
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
    /// The position of each rule in the list of rules.
    rules: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<ResultProperties>,
}

#[derive(Serialize)]
struct ResultProperties {
    returns: i32,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the standard's names")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, &'static Rule> =
        diagnostics.iter().map(|diagnostic| (diagnostic.rule.code, diagnostic.rule)).collect();
    let results = Results { diagnostics, sources, rules: rules.keys().copied().zip(0..).collect() };
    let driver = Driver {
        name: "acg",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules.values().map(|rule| describe(rule)).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    serde_json::to_writer_pretty(&mut *out, &Log { schema, version: "2.1.0", runs: [run] })?;
    writeln!(out)
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fingerprints = Fingerprints::default();
        serializer.collect_seq(self.diagnostics.iter().map(|diagnostic| {
            let fingerprint = fingerprints.next(diagnostic, self.sources).to_string();
            self.result(diagnostic, fingerprint)
        }))
    }
}

impl<'a> Results<'a> {
    fn result(&self, diagnostic: &'a Diagnostic, fingerprint: String) -> SarifResult<'a> {
        let code = diagnostic.rule.code;
        let related = diagnostic.related.iter().enumerate();
        SarifResult {
            rule_id: code,
            rule_index: self.rules.get(code).copied().unwrap_or_default(),
            level: level(diagnostic.severity),
            message: Text { text: story(diagnostic).into() },
            locations: [self.label(&diagnostic.primary, None)],
            related_locations: related.map(|(index, label)| self.label(label, Some(index + 1))).collect(),
            partial_fingerprints: BTreeMap::from([("acg/v1", fingerprint)]),
            suppressions: diagnostic.allowed_by.map(|span| self.suppression(span)).into_iter().collect(),
            properties: diagnostic.returns.map(|returns| ResultProperties { returns }),
        }
    }

    fn label(&self, label: &'a Label, id: Option<usize>) -> Location<'a> {
        let message = (!label.text.is_empty()).then(|| Text { text: label.text.as_str().into() });
        Location { id, physical_location: self.physical_location(label.span), message }
    }

    fn suppression(&self, span: Span) -> Suppression<'a> {
        let physical_location = self.physical_location(span);
        Suppression { kind: "inSource", location: Location { id: None, physical_location, message: None } }
    }

    fn physical_location(&self, span: Span) -> PhysicalLocation {
        let (start, end) = self.sources.places(span);
        PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&self.sources.file(span.file).name) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        }
    }
}

fn describe(rule: &'static Rule) -> RuleDescription {
    RuleDescription {
        id: rule.code,
        name: rule.name,
        short_description: Text { text: format!("{}.", rule.summary).into() },
        help: Text {
            text: format!("`acg explain {}` says what it means and what to do instead.", rule.code).into(),
        },
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties {
            severity: rule.severity.as_str(),
            returns: rule.returns,
            since: rule.since,
            until: rule.until,
            targets: rule.targets,
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Silent => "warning",
        Severity::Lint => "note",
    }
}

/// A path as a URI reference: relative paths stay relative, so that a service finds them in the repository.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 8);
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
