//! Reads a dump of any origin: as the runtime wrote it, in each version of its format, or as tools left it.
//!
//! What a tool may have done to a dump and is read all the same: pretty-printed it; put its array into a chrome-trace
//! object, `{"traceEvents": […]}`; aligned its times, merged continued streams and added flow events (`torch_npu`'s
//! `*.aligned.json`); put several models into one file; compressed it. What the runtime itself does wrong: names are not
//! escaped, and a comma may stand behind the last record (debug-json, section 1). Each kind of irregularity is told once,
//! as a [`Repair`].
//!
//! A line as the runtime prints it goes through the strict line reader, which is quicker than any JSON parser because it knows
//! what comes next; anything else goes through a forgiving scanner of objects.
//!
//! **Invariant:** reading streams: besides the records, memory holds no more than one record's text.

mod collect;
mod event;
mod file;
mod repair;
mod scan;
mod window;

use std::fmt;
use std::io::Read;

pub use repair::{Repair, RepairKind};

use crate::owned::OwnedDump;

/// A file of dumps.
#[derive(Clone, Debug)]
pub struct AnyReading {
    /// The dumps of all models in the file, in the order of their first records; an empty one where there are no records.
    pub dumps: Vec<OwnedDump>,
    /// What was irregular, each kind once, in the order of [`RepairKind`].
    pub repairs: Vec<Repair>,
}

/// Why a file cannot be read as a dump, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// How many bytes of the (decompressed) file come before the place.
    pub offset: u64,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1, in bytes.
    pub column: u64,
    /// What is wrong, as a sentence without a stop.
    pub message: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads every dump in `input`, which may be compressed with gzip.
///
/// ```
/// let file = br#"[{"name": "EVENT_RECORD_3", "pid": "7 aclGraph", "tid": "stream4", "ts": 0, "dur": 4.5, "ph": "X",
///     "args": {"Model Id": 0, "Stream Id": 4, "Task Id": 0, "Task Type": "EVENT_RECORD"}},]"#;
/// let reading = acg_dump::read_any(&mut file.as_slice()).unwrap();
/// assert_eq!(reading.dumps[0].records.len(), 1);
/// assert_eq!(reading.repairs[0].to_string(), "a comma stands behind the last record (line 2)");
/// ```
///
/// # Errors
/// A file that is no dump, ends early, holds a number that its column cannot, or cannot be read at all.
pub fn read_any(input: &mut dyn Read) -> Result<AnyReading, SyntaxError> {
    file::read(input)
}
