//! Reading a test file.

use std::path::{Path, PathBuf};

use acg_check::{Emit, Kind};

/// What the header of a test file may say.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Header {
    /// Target profiles to predict for, in turn; the program's own when empty.
    pub target: Vec<String>,
    /// CANN version.
    pub cann: Option<String>,
    /// What the `//=` lines show.
    pub output: Output,
}

/// What the `//=` lines of a test file show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Output {
    /// Nothing: only the `//~` comments count.
    #[default]
    None,
    /// The diagnostics as people see them.
    Human,
    /// The lowered calls.
    Calls,
    /// The predicted dump.
    Json,
    /// The C++.
    Cpp,
    /// The program in canonical layout.
    Fmt,
}

impl Output {
    /// The artefact of `acg compile` that it is, if it is one.
    pub fn emit(self) -> Option<Emit> {
        match self {
            Self::Calls => Some(Emit::Calls),
            Self::Json => Some(Emit::Json),
            Self::Cpp => Some(Emit::Cpp),
            Self::None | Self::Human | Self::Fmt => None,
        }
    }
}

/// One test file.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where it is.
    pub path: PathBuf,
    /// The language of the input.
    pub kind: Kind,
    /// Its header.
    pub header: Header,
    /// Its text without the `//=` lines.
    pub input: String,
    /// The text of the `//=` lines.
    pub expected: String,
}

/// Why a file is no test.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its header is no header.
    #[error("{path}: the header is wrong: {message}")]
    Header {
        /// Which file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// It is neither a program nor a log.
    #[error("{0}: a test is a .acg or .calls file")]
    Kind(PathBuf),
}

impl Case {
    /// Reads the test at `path`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, has another extension, or a header with unknown keys.
    pub fn read(path: &Path) -> Result<Self, CaseError> {
        let kind = Kind::of_path(path).ok_or_else(|| CaseError::Kind(path.to_owned()))?;
        let text = std::fs::read_to_string(path)
            .map_err(|source| CaseError::Read { path: path.to_owned(), source })?;
        let header: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        let header = toml::from_str(&header.join("\n"))
            .map_err(|error| CaseError::Header { path: path.to_owned(), message: error.to_string() })?;
        let (mut input, mut expected) = (String::new(), String::new());
        for line in text.lines() {
            if let Some(line) = line.strip_prefix("//=") {
                expected.push_str(line.strip_prefix(' ').unwrap_or(line));
                expected.push('\n');
            } else {
                input.push_str(line);
                input.push('\n');
            }
        }
        Ok(Self { path: path.to_owned(), kind, header, input, expected })
    }
}
