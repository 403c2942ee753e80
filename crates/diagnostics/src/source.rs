//! Source files and spans in them.

use std::cell::OnceCell;

/// A file of a [`Sources`] set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }
}

/// A place as people and editors name it; both numbers count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line number.
    pub line: u32,
    /// Column number.
    pub column: u32,
}

/// One source file.
#[derive(Debug)]
pub struct Source {
    /// The name that outputs use, as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
    line_starts: OnceCell<Vec<u32>>,
}

impl Source {
    /// The offset at which each line starts; found on first use, because most files have no diagnostics.
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// The place of byte `offset`; offsets past the end are taken as the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = offset.min(self.text.len() as u32);
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts[line - 1] as usize;
        let column = String::from_utf8_lossy(&self.text.as_bytes()[start..offset as usize]).chars().count();
        LineColumn { line: line as u32, column: column as u32 + 1 }
    }

    /// The bytes of line `line` (from 1), without its newline.
    pub fn line_range(&self, line: u32) -> std::ops::Range<usize> {
        let starts = self.line_starts();
        let index = (line as usize).clamp(1, starts.len()) - 1;
        let start = starts[index] as usize;
        let end = starts.get(index + 1).map_or(self.text.len(), |&next| next as usize - 1);
        start..end
    }

    /// How many lines the file has.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }
}

/// All files that one run reads.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `name` is what diagnostics will call it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(Source { name: name.into(), text: text.into(), line_starts: OnceCell::new() });
        id
    }

    /// The file behind an id.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Every file with its id, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }
}
