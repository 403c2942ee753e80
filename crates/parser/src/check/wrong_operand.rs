//! Operands whose shape, type or place does not fit the operator.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::{quote, short};

pub(crate) static RULE: Rule = Rule::error(
    "ACG420",
    "wrong-operand",
    &[],
    "an operand does not fit its operator: its shape, its type, or where it is written",
);

/// `message` says what the operator table expects.
pub(crate) fn diagnostic(span: Span, operator: &str, message: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{operator}`: {message}"))
}

/// `parameter` is overwritten, so the result must be the input itself.
pub(crate) fn not_in_place(span: Span, operator: &str, parameter: &str, input: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{operator}` overwrites `{parameter}`, so its result is {}", quote(input)),
    )
    .help(format!("write `-> {}`", short(input)))
}
