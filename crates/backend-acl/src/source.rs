//! Lines of the source, for comments and messages.

use acg_ir::graph::SourceRange;

/// The source text with the offsets at which its lines start.
#[derive(Debug)]
pub(crate) struct SourceLines<'s> {
    pub(crate) name: &'s str,
    text: &'s str,
    starts: Vec<u32>,
}

impl<'s> SourceLines<'s> {
    pub(crate) fn new(name: &'s str, text: &'s str) -> Self {
        let newlines = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect();
        Self { name, text, starts }
    }

    /// The number of the line that a range starts in, from 1; `None` where the text does not have it.
    pub(crate) fn number(&self, range: SourceRange) -> Option<u32> {
        let inside = (range.start as usize) < self.text.len();
        inside.then(|| self.starts.partition_point(|&start| start <= range.start) as u32)
    }

    /// The text of the line, without the blanks around it.
    pub(crate) fn line(&self, number: u32) -> &'s str {
        let index = number.saturating_sub(1) as usize;
        let start = self.starts.get(index).map_or(self.text.len(), |&start| start as usize);
        let rest = self.text.get(start..).unwrap_or("");
        rest.lines().next().unwrap_or("").trim()
    }
}
