//! One JSON document: `{"schema": 1, "diagnostics": […], "summary": {…}}`.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::record::{Record, SCHEMA};
use super::shown;
use crate::{Diagnostic, Sources, Summary};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    diagnostics: Records<'a>,
    summary: Summary,
}

/// Diagnostics that become records one at a time, so that the document never exists in memory.
struct Records<'a> {
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let records = shown(self.diagnostics).map(|diagnostic| Record::new(diagnostic, self.sources));
        serializer.collect_seq(records)
    }
}

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let records = Records { diagnostics, sources };
    let document = Document { schema: SCHEMA, diagnostics: records, summary: Summary::new(diagnostics) };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
