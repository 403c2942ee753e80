//! One JSON object a line, for tools that read a stream; no line means no finding.

use std::io::{self, Write};

use serde::Serialize;

use super::record::{Record, SCHEMA};
use super::shown;
use crate::{Diagnostic, Sources};

#[derive(Serialize)]
struct Line<'a> {
    schema: u32,
    #[serde(flatten)]
    record: Record<'a>,
}

pub(super) fn write(diagnostics: &[Diagnostic], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in shown(diagnostics) {
        let line = Line { schema: SCHEMA, record: Record::new(diagnostic, sources) };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}
