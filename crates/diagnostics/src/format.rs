//! The formats in which diagnostics are shown, one file each.
//!
//! Severities map to what each format knows like this:
//!
//! | severity | human, concise, json, jsonl | sarif, github | gitlab | junit |
//! |---|---|---|---|---|
//! | error | `error` | `error` | `critical` | failure of type `error` |
//! | silent | `silent`, coloured as a warning | `warning` | `major` | failure of type `silent` |
//! | lint | `lint`, coloured as a warning | `note`, `notice` | `minor` | failure of type `lint` |
//!
//! A diagnostic that an `allow` comment covers is left out; only SARIF shows it, marked as suppressed.
//!
//! **Invariant:** no clock, no environment and no hash order reaches an output.

mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod jsonl;
mod junit;
mod plain_text;
mod record;
mod sarif;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use crate::{Diagnostic, Sources};

/// How diagnostics are written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Source excerpts with marked places, as rustc shows them.
    #[default]
    Human,
    /// One line each: `path:line:col: error[ACG025] message`.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow commands.
    Github,
    /// A GitLab code quality report.
    Gitlab,
    /// A `JUnit` XML report.
    Junit,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
    ];

    /// The name that `--format` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
        write!(f, "no format is called `{}`; there are {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == name);
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// What a format may vary; none of it changes what is said.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Whether `human` and `concise` colour their words with ANSI escapes.
    pub color: bool,
    /// How many columns `human` may use for an excerpt.
    pub width: usize,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { color: false, width: 140 }
    }
}

/// Writes `diagnostics` in the order given.
///
/// # Errors
/// Those of `out`.
pub fn write(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    format: Format,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(diagnostics, sources, options, out),
        Format::Concise => concise::write(diagnostics, sources, options, out),
        Format::Json => json::write(diagnostics, sources, out),
        Format::Jsonl => jsonl::write(diagnostics, sources, out),
        Format::Sarif => sarif::write(diagnostics, sources, out),
        Format::Github => github::write(diagnostics, sources, out),
        Format::Gitlab => gitlab::write(diagnostics, sources, out),
        Format::Junit => junit::write(diagnostics, sources, out),
    }
}

/// The text that [`write()`] writes.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    format: Format,
    options: &RenderOptions,
) -> String {
    let mut out = Vec::new();
    // A vector takes everything, and every format writes UTF-8.
    let _ = write(diagnostics, sources, format, options, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// The diagnostics that no `allow` covers.
fn shown(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    diagnostics.iter().filter(|diagnostic| diagnostic.allowed_by.is_none())
}
