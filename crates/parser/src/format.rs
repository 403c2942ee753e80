//! `acg fmt`: the module printed again.

use acg_diagnostics::{Diagnostic, FileId, Severity};
use acg_ir::print::print;

/// `text`, the contents of `file`, in canonical form, comments kept.
///
/// # Errors
///
/// Everything that is wrong with the text, where it cannot be understood; nothing is formatted then.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = crate::parse(file, text);
    if parsed.complete {
        return Ok(print(&parsed.module));
    }
    Err(parsed.diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect())
}
