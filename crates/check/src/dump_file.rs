//! Files of debug dumps: text, compressed or not, into what the dumps in it mean.

use std::io::Read;

use acg_diagnostics::{Diagnostic, FileId, Sources};
use acg_trace::Trace;
use flate2::read::MultiGzDecoder;

use crate::kind::GZIP;

/// What is in a file that holds a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumpText {
    /// Its text, decompressed if it was compressed; bytes that are no UTF-8 are replaced.
    Text(String),
    /// Why there is none.
    Refused(String),
}

/// A compressed dump may take this much, or this many times its size if that is more; dumps shrink by less.
const ALWAYS_ALLOWED: u64 = 64 << 20;
const MOST_TIMES: u64 = 256;

/// The text of the file whose bytes are `bytes`.
///
/// Positions in findings are those of this text.
pub fn dump_text(bytes: Vec<u8>) -> DumpText {
    if !bytes.starts_with(&GZIP) {
        return DumpText::Text(lossy(bytes));
    }
    let most = (bytes.len() as u64 * MOST_TIMES).max(ALWAYS_ALLOWED).min(Sources::MAX_TEXT as u64);
    let mut text = Vec::new();
    match MultiGzDecoder::new(bytes.as_slice()).take(most + 1).read_to_end(&mut text) {
        Err(error) => DumpText::Refused(format!("the file cannot be decompressed: {error}")),
        Ok(_) if text.len() as u64 > most => DumpText::Refused(format!(
            "the file is compressed more than {MOST_TIMES} times, which no dump is"
        )),
        Ok(_) => DumpText::Text(lossy(text)),
    }
}

/// Whether a file that begins with `head` holds the records of a dump, as far as that shows.
pub fn is_dump(head: &[u8]) -> bool {
    let mut text = Vec::new();
    if head.starts_with(&GZIP) {
        // The head ends in the middle of what is compressed; what could be read of it tells.
        let _ = MultiGzDecoder::new(head).take(ALWAYS_ALLOWED >> 10).read_to_end(&mut text);
    } else {
        text.extend_from_slice(head);
    }
    ["Stream Id", " aclGraph"].iter().any(|key| memchr::memmem::find(&text, key.as_bytes()).is_some())
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The dumps of a file, understood.
#[derive(Debug)]
pub struct DumpFile {
    /// What each dump means.
    pub traces: Vec<Trace>,
    /// What had to be repaired to read them.
    pub irregular: Vec<Diagnostic>,
}

/// Reads the dumps in `file`.
///
/// # Errors
///
/// Why the file is no dump.
pub fn read_dumps(sources: &Sources, file: FileId) -> Result<DumpFile, Box<Diagnostic>> {
    let text = &sources.file(file).text;
    let reading = acg_dump::read_any(&mut text.as_bytes())
        .map_err(|error| Box::new(acg_dump_check::unreadable(file, &error)))?;
    Ok(DumpFile {
        irregular: acg_dump_check::irregular(file, text, &reading.repairs),
        traces: reading.dumps.into_iter().map(Trace::of).collect(),
    })
}
