//! Names that are declared twice.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule = Rule::error("ACG405", "duplicate-name", &[], "a name is declared twice");

/// `name` is declared at `span`, and before at `first`.
pub(crate) fn diagnostic(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is declared twice", quote(name)))
        .label("declared again here")
        .related(first, "first declared here")
        .help("give one of them another name; all declarations of a file share their names")
}

/// Task and group `name` of one graph.
pub(crate) fn in_graph(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} names two tasks or groups of this graph", quote(name)))
        .label("named again here")
        .related(first, "first named here")
        .help("give one of them another name")
}
