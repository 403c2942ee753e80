//! Regions with gaps where bytes must be contiguous.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule =
    Rule::error("ACG414", "strided-region", &[], "a region with gaps is used where bytes must be contiguous");

/// `text` is copied or viewed by `what`, which moves one run of bytes.
pub(crate) fn diagnostic(span: Span, text: &str, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{} has gaps between its rows, and {what} takes one run of bytes", quote(text)),
    )
    .help(help)
}

/// `text` has more than one level of rows.
pub(crate) fn not_pitched(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{} is not a set of rows at one distance, which is all that `copy2d` moves", quote(text)),
    )
    .help("copy one outer slice at a time")
}
