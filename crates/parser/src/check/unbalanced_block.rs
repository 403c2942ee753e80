//! Braces that do not pair.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule =
    Rule::error("ACG402", "unbalanced-block", &[], "a block is not closed, or a `}` closes nothing");

/// `}` where no block is open.
pub(crate) fn closes_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "this `}` closes nothing")
        .help("delete it, or add the header of its block above")
}

/// A block that the file ends in.
pub(crate) fn not_closed(header: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, header, format!("{what} is not closed"))
        .label("opened here")
        .help("close it with `}` on a line of its own")
}

/// A block that is still open where `next` (`the next graph`) starts.
pub(crate) fn not_closed_before(header: Span, what: &str, next: &str, at: Span) -> Diagnostic {
    Diagnostic::new(&RULE, header, format!("{what} is not closed before {next} starts"))
        .label("opened here")
        .related(at, next)
        .help("close it with `}` on a line of its own")
}
