//! What standard error says beside the result of a command.

use std::io::{IsTerminal, Write};

use acg_calls::CallId;
use acg_check::{Diagnostic, Format, RenderOptions, Severity, Sources, Summary};
use acg_import::{AppliedCosts, Remark};
use anyhow::Result;

/// Shows diagnostics on standard error: for commands whose standard output is something else.
pub(crate) fn diagnostics(found: &[Diagnostic], sources: &Sources) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let stderr = std::io::stderr();
    let options = RenderOptions { color: colour(&stderr), ..RenderOptions::default() };
    let mut lock = stderr.lock();
    acg_check::write(&acg_check::limit(found.to_vec()), sources, Format::Human, &options, &mut lock)?;
    let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
    if errors > 0 && lock.is_terminal() {
        writeln!(lock, "{}", Summary::new(found))?;
    }
    Ok(())
}

/// Says on standard error what had to be repaired to read dumps, a line each.
pub(crate) fn irregular(found: &[Diagnostic], sources: &Sources) -> Result<()> {
    let options = RenderOptions::default();
    Ok(acg_check::write(found, sources, Format::Concise, &options, &mut std::io::stderr().lock())?)
}

/// Lists what to know about an imported program; `line` is where a call of a log stands.
pub(crate) fn remarks(name: &str, remarks: &[Remark], line: impl Fn(CallId) -> Option<u32>) {
    for (remark, count) in acg_import::summary(remarks) {
        let place = remark.call.and_then(&line).map_or(String::new(), |line| format!(":{line}"));
        let more = if count > 1 { format!(" ({count} times)") } else { String::new() };
        eprintln!("acg: {name}{place}: {remark}{more}");
    }
}

/// Says what a table of costs was of use for.
pub(crate) fn costs(name: &str, applied: &AppliedCosts) {
    remarks(name, &applied.remarks, |_| None);
    eprintln!("acg: {name}: {} of {} tasks have their cost from this table", applied.tasks, applied.of);
}

/// Colour for people, never for a pipe.
pub(crate) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
