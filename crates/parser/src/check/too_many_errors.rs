//! Files with more errors than anybody reads.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule =
    Rule::error("ACG426", "too-many-errors", &[], "a file has so many errors that the rest are not shown");

/// The most diagnostics of one file.
pub(crate) const MOST: usize = 100_000;

/// `more` diagnostics were dropped.
pub(crate) fn diagnostic(span: Span, more: usize) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{more} more errors are not shown after the first {MOST}"))
        .help("check that the file is an `.acg` program")
}
