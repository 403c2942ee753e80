//! Source files and spans in them.
//!
//! **Invariant:** finding a line or a column costs the logarithm of the file plus a bounded stretch of it, however
//! long its lines are; the index for it is a few bytes a line and is built when the first diagnostic needs it.

use std::ops::Range;
use std::sync::OnceLock;

/// How many bytes lie between two counts of characters.
const STRIDE: usize = 4096;

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
    index: OnceLock<Index>,
}

/// What makes lines and columns quick to find.
#[derive(Debug)]
struct Index {
    /// The offset at which each line starts; never empty.
    line_starts: Vec<u32>,
    /// How many characters start before each multiple of [`STRIDE`].
    chars_before: Vec<u32>,
}

impl Index {
    fn new(text: &str) -> Self {
        let mut line_starts = vec![0];
        let mut chars_before = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut chars = 0;
        for (block, bytes) in text.as_bytes().chunks(STRIDE).enumerate() {
            chars_before.push(chars);
            chars += count_chars(bytes);
            let newlines = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
            line_starts.extend(newlines.map(|(at, _)| (block * STRIDE + at) as u32 + 1));
        }
        chars_before.push(chars);
        Self { line_starts, chars_before }
    }
}

/// How many characters start in `bytes`.
fn count_chars(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

impl Source {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.text))
    }

    /// How many characters start before byte `offset`, which is at most the length of the text.
    fn chars_before(&self, offset: usize) -> u32 {
        let block = offset / STRIDE;
        self.index().chars_before[block] + count_chars(&self.text.as_bytes()[block * STRIDE..offset])
    }

    /// The place of byte `offset`; offsets past the end are taken as the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = offset.min(self.text.len() as u32);
        let starts = &self.index().line_starts;
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts[line - 1];
        let column = self.chars_before(offset as usize) - self.chars_before(start as usize) + 1;
        LineColumn { line: line as u32, column }
    }

    /// The bytes of line `line` (from 1), without its line break.
    pub fn line_range(&self, line: u32) -> Range<usize> {
        let starts = &self.index().line_starts;
        let index = (line as usize).clamp(1, starts.len()) - 1;
        let start = starts[index] as usize;
        let Some(&next) = starts.get(index + 1) else { return start..self.text.len() };
        let end = next as usize - 1;
        let has_return = end > start && self.text.as_bytes()[end - 1] == b'\r';
        start..end - usize::from(has_return)
    }

    /// How many lines the file has.
    pub fn line_count(&self) -> u32 {
        self.index().line_starts.len() as u32
    }

    /// The part of a span that lies in this file, widened to whole characters.
    pub fn clamp(&self, span: Span) -> Range<usize> {
        let text = &self.text;
        let mut start = (span.start as usize).min(text.len());
        let mut end = (span.end as usize).clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }
}

/// All files that one run reads.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// The longest text that spans can address, in bytes; longer files are for the caller to refuse.
    pub const MAX_TEXT: usize = u32::MAX as usize - 1;

    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `name` is what diagnostics will call it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(Source { name: name.into(), text: text.into(), index: OnceLock::new() });
        id
    }

    /// Gives back the memory of a text that nothing shows for now. Until it is [restored](Self::restore) the file is empty.
    pub fn release(&mut self, id: FileId) {
        self.restore(id, String::new());
    }

    /// Puts the text back that was [released](Self::release).
    pub fn restore(&mut self, id: FileId, text: String) {
        let file = &mut self.files[id.0 as usize];
        file.text = text;
        file.index = OnceLock::new();
    }

    /// The file behind an id.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The first and the last place of a span, the last being one past its last character.
    pub fn places(&self, span: Span) -> (LineColumn, LineColumn) {
        let file = self.file(span.file);
        let range = file.clamp(span);
        (file.line_column(range.start as u32), file.line_column(range.end as u32))
    }

    /// Every file with its id, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }
}
