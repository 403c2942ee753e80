//! Tasks of explicit graphs without a stream.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::short;

pub(crate) static RULE: Rule =
    Rule::error("ACG408", "missing-stream", &[], "a task of an explicit graph has no stream");

/// A task that needs a stream and stands in no stream block or group.
pub(crate) fn diagnostic(span: Span, origin: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, "this task has no stream").help(format!(
        "write the stream before it, as in `{}: …`, or put it into a block of its stream",
        short(origin)
    ))
}
