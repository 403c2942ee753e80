//! An open document: its text, and places in it as the protocol counts them.
//!
//! **Invariant:** columns are UTF-16 units, which every editor understands.

use std::path::{Path, PathBuf};

use acg_check::{FileId, Kind, Sources, Span};
use lsp_types::{Position, Range, Uri};

/// An open document.
#[derive(Debug)]
pub struct Document {
    /// The number of its text, counted by the editor.
    pub version: i32,
    sources: Sources,
    file: FileId,
    path: PathBuf,
    kind: Kind,
}

impl Document {
    /// The document at `uri` with `text`.
    pub fn new(uri: &Uri, version: i32, text: String) -> Self {
        let path = path_of(uri);
        let kind = Kind::of_path(&path).unwrap_or_else(|| Kind::of_bytes(text.as_bytes()));
        let mut sources = Sources::new();
        let file = sources.add(path.display().to_string(), text);
        Self { version, sources, file, path, kind }
    }

    /// Its text as the only source.
    pub fn sources(&self) -> (&Sources, FileId) {
        (&self.sources, self.file)
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.sources.file(self.file).text
    }

    /// Where it is, or would be if it were saved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What language it is in.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The place of byte `offset`; of one past the end, the end.
    pub fn position(&self, offset: usize) -> Position {
        let source = self.sources.file(self.file);
        let at = offset.min(source.text.len()) as u32;
        let offset = source.clamp(Span::new(self.file, at, at)).start;
        let line = source.line_column(offset as u32).line;
        let start = source.line_range(line).start;
        let character = source.text[start..offset].chars().map(char::len_utf16).sum::<usize>();
        Position::new(line - 1, character as u32)
    }

    /// The places of the bytes `range`.
    pub fn range(&self, range: std::ops::Range<usize>) -> Range {
        Range::new(self.position(range.start), self.position(range.end))
    }

    /// The byte at a place; of one behind the end of its line, that end.
    pub fn offset(&self, position: Position) -> usize {
        let source = self.sources.file(self.file);
        if position.line >= source.line_count() {
            return source.text.len();
        }
        let range = source.line_range(position.line + 1);
        let mut units = 0;
        for (at, character) in source.text[range.clone()].char_indices() {
            if units >= position.character {
                return range.start + at;
            }
            units += character.len_utf16() as u32;
        }
        range.end
    }
}

/// The path of a `file:` address; of any other, what stands in it as a name.
fn path_of(uri: &Uri) -> PathBuf {
    let url = url::Url::parse(uri.as_str()).ok();
    let path = url.and_then(|url| url.to_file_path().ok());
    path.unwrap_or_else(|| PathBuf::from(uri.path().as_str()))
}
