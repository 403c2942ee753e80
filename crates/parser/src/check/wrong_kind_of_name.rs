//! Names of another kind than their place asks for.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule = Rule::error(
    "ACG406",
    "wrong-kind-of-name",
    &[],
    "a name stands for another kind of thing than its place asks for",
);

/// `name` is `actual` (`a stream`) where `wanted` (`an event`) must stand.
pub(crate) fn diagnostic(span: Span, name: &str, actual: &str, wanted: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is {actual}; expected {wanted}", quote(name)))
        .label(format!("expected {wanted}"))
        .related(declared, format!("declared as {actual} here"))
}

/// A view that is declared with the word of another memory than its base's.
pub(crate) fn view_space(
    span: Span,
    name: &str,
    word: &str,
    base: &str,
    right: &str,
    declared: Span,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{} is declared with `{word}`, but {} is `{right}` memory", quote(name), quote(base)),
    )
    .related(declared, format!("{} is declared here", quote(base)))
    .help(format!("a view lives where its base does: write `{right}` in place of `{word}`"))
}
