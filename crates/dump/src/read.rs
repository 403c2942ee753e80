//! Reads a dump that the runtime printed; anything that its printers cannot have written is an error.
//!
//! This is for comparing a prediction with a measurement. Lenient reading of dumps that other tools wrote is another
//! matter.

pub(crate) mod line;

use thiserror::Error;

use crate::record::{Dump, Record};

/// Text that the runtime's printers cannot have written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct ReadError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub message: String,
}

/// A dump with what the text says beyond the data.
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    /// The data. A comma behind the last record shows as a last stream without records, whose id is -1.
    pub dump: Dump<'t>,
    /// The process that wrote it; 0 for a dump without records.
    pub pid: u32,
    /// How each record is printed.
    pub printed: Vec<Printed<'t>>,
}

/// What the printer adds to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed<'t> {
    /// `ts`.
    pub start: u32,
    /// `dur`.
    pub duration: &'t str,
    /// Which columns there are.
    pub spelling: Spelling,
}

/// By which columns a line shows the generation of its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Ids only.
    Bare,
    /// With a task type, and no column that tells more.
    Typed,
    /// With a column in the spelling of 9.0.
    Old,
    /// With a column that exists since 9.1.
    New,
}

impl Reading<'_> {
    /// Whether there is a comma behind the last record.
    pub fn has_trailing_comma(&self) -> bool {
        !self.dump.records.is_empty() && self.dump.streams.last().is_some_and(|last| last.records.is_empty())
    }
}

/// Reads `text`, which is a whole file.
///
/// # Errors
/// The first line that is not in the runtime's format.
pub fn read(text: &str) -> Result<Reading<'_>, ReadError> {
    let fail = |line, message: &str| ReadError { line, message: message.to_owned() };
    let body = text.strip_prefix("[\n").ok_or_else(|| fail(1, "expected `[` alone"))?;
    let mut reading = Reading { dump: Dump::default(), pid: 0, printed: Vec::new() };
    let mut comma = true;
    let mut number = 1;
    let mut rest = body;
    while let Some((line, behind)) = rest.split_once('\n') {
        number += 1;
        rest = behind;
        if !comma {
            return Err(fail(number, "the record before has no comma"));
        }
        let (record, found) = line.strip_suffix(',').map_or((line, false), |record| (record, true));
        comma = found;
        let words = line::Words { words: &mut reading.dump.words, marks: &mut reading.dump.marks };
        let line = line::parse(record, words).map_err(|message| ReadError { line: number, message })?;
        reading.push(line).map_err(|message| ReadError { line: number, message })?;
    }
    if rest != "]" {
        return Err(fail(number + 1, "expected `]` alone, without a line end"));
    }
    if comma && !reading.dump.records.is_empty() {
        reading.dump.begin_stream(-1);
    }
    Ok(reading)
}

/// One line, taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Line<'t> {
    pub(crate) record: Record<'t>,
    pub(crate) printed: Printed<'t>,
    pub(crate) pid: u32,
    pub(crate) model: u32,
    pub(crate) stream: i32,
}

impl<'t> Reading<'t> {
    fn push(&mut self, line: Line<'t>) -> Result<(), String> {
        let first = self.dump.records.is_empty();
        if first {
            self.pid = line.pid;
            self.dump.model = line.model;
        }
        if line.pid != self.pid {
            return Err(format!("process {} after process {}", line.pid, self.pid));
        }
        if line.model != self.dump.model {
            return Err(format!("`Model Id` {} after {}", line.model, self.dump.model));
        }
        if self.dump.streams.last().is_none_or(|stream| stream.id != line.stream) {
            self.dump.begin_stream(line.stream);
        }
        self.dump.push(line.record);
        self.printed.push(line.printed);
        Ok(())
    }
}
