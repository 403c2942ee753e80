//! A file that cannot be read as a dump.

use acg_diagnostics::{Diagnostic, FileId, Rule, Span};
use acg_dump::SyntaxError;

/// ACG390.
pub static RULE: Rule = Rule::error("ACG390", "unreadable-dump", &[], "a file cannot be read as a dump");

/// Why `file` cannot be read.
pub(crate) fn diagnostic(file: FileId, error: &SyntaxError) -> Diagnostic {
    let at = u32::try_from(error.offset).unwrap_or(u32::MAX);
    Diagnostic::new(&RULE, Span::new(file, at, at.saturating_add(1)), error.message.clone())
        .help("a dump is what aclmdlRIDebugJsonPrint writes; one that was cut off must be written again")
}
