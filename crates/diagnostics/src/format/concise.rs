//! `path:line:col: error[ACG025] message`, one line each, as editors and `grep` like it.

use std::io::{self, Write};

use super::plain_text::one_line;
use super::{RenderOptions, shown};
use crate::{Diagnostic, Severity, Sources};

pub(super) fn write(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    for diagnostic in shown(diagnostics) {
        let span = diagnostic.primary.span;
        let name = one_line(&sources.file(span.file).name);
        let (place, _) = sources.places(span);
        let (on, off) = if options.color { (escape(diagnostic.severity), "\x1b[0m") } else { ("", "") };
        let (severity, code) = (diagnostic.severity, diagnostic.rule.code);
        let message = one_line(&diagnostic.message);
        writeln!(out, "{name}:{}:{}: {on}{severity}[{code}]{off} {message}", place.line, place.column)?;
    }
    Ok(())
}

/// Bold red for what is refused, bold yellow for the rest.
fn escape(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Silent | Severity::Lint => "\x1b[1;33m",
    }
}
