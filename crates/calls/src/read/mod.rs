//! Reads the text of a log, line by line, so that one bad line costs only itself.
//!
//! A hand-written cursor, because logs have millions of lines: one pass, no backtracking, no allocation per line. Every line
//! that cannot be read gives one [`Diagnostic`] and no call.

mod argument;
mod cursor;
mod kernel;
mod line;

use acg_diagnostics::{Diagnostic, FileId, Span};

use crate::log::Log;
use crate::rules;

/// What came of reading a log.
#[derive(Debug)]
pub struct Reading {
    /// Every call that could be read.
    pub log: Log,
    /// One problem for every line that could not, in order; of more than are shown, how many there are.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the log `text`, which is the file `file` of the caller's sources.
pub fn read(file: FileId, text: &str) -> Reading {
    if u32::try_from(text.len()).is_err() {
        let problem =
            Diagnostic::new(&rules::TOO_LARGE, Span::new(file, 0, 0), "the log is larger than 4 GiB");
        return Reading { log: Log::new(), diagnostics: vec![problem.help("split it")] };
    }
    let mut reader = line::Reader::new(file, text);
    let mut start = 0;
    while start < text.len() {
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        reader.line(start, end);
        start = end + 1;
    }
    reader.finish()
}
