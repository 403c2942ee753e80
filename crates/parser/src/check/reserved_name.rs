//! Reserved words as names.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule =
    Rule::error("ACG407", "reserved-name", &[], "a declaration uses a reserved word as a name");

/// `name` is a word of the language.
pub(crate) fn diagnostic(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is a reserved word and cannot be a name", quote(name)))
        .help(format!("choose another name, such as `{name}_`"))
}
