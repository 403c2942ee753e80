//! Files that 32-bit offsets cannot address.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule = Rule::error("ACG425", "file-too-large", &[], "a file is larger than 4 GiB");

/// The file has `bytes` bytes.
pub(crate) fn diagnostic(span: Span, bytes: usize) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("the file has {bytes} bytes, and at most 4 GiB can be read"))
}
