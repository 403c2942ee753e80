//! Numbers that do not fit their place.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule =
    Rule::error("ACG411", "number-out-of-range", &[], "a number is larger or smaller than its place allows");

/// `text` breaks `limit`, a clause in words.
pub(crate) fn diagnostic(span: Span, text: &str, limit: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is out of range: {limit}", quote(text)))
}
