//! The formats.

use std::path::Path;
use std::str::FromStr;

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A picture for any browser or document.
    Svg,
    /// A page to pan, zoom and search in, without anything from elsewhere.
    Html,
    /// The input of Graphviz.
    Dot,
    /// A flowchart in Markdown's way.
    Mermaid,
    /// A chrome trace, which Perfetto and Chrome's tracing page show.
    Perfetto,
}

/// A name that no format has.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no format; svg, html, dot, mermaid and perfetto are")]
pub struct UnknownFormat(String);

impl Format {
    /// The format that a file's extension asks for, if it is one of ours.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "svg" => Some(Self::Svg),
            "html" | "htm" => Some(Self::Html),
            "dot" | "gv" => Some(Self::Dot),
            "mmd" | "mermaid" => Some(Self::Mermaid),
            "json" | "perfetto" => Some(Self::Perfetto),
            _ => None,
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "svg" => Ok(Self::Svg),
            "html" => Ok(Self::Html),
            "dot" => Ok(Self::Dot),
            "mermaid" => Ok(Self::Mermaid),
            "perfetto" => Ok(Self::Perfetto),
            other => Err(UnknownFormat(other.to_owned())),
        }
    }
}
