//! Calls with the wrong number of inputs or results.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::short;

pub(crate) static RULE: Rule =
    Rule::error("ACG419", "wrong-arity", &[], "a call has too few or too many inputs or results");

/// `operator` takes `expected` (`2 inputs (self, other)`) and the call gives `got`.
pub(crate) fn diagnostic(span: Span, operator: &str, expected: &str, got: usize) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{operator}` takes {expected}, and {got} {} given", if got == 1 { "is" } else { "are" }),
    )
}

/// Parameter `parameter` takes a list where a single tensor is given, or the other way round.
pub(crate) fn list(span: Span, operator: &str, parameter: &str, takes_list: bool, text: &str) -> Diagnostic {
    if takes_list {
        Diagnostic::new(&RULE, span, format!("`{parameter}` of `{operator}` takes a list of tensors"))
            .help(format!("write brackets: `[{}]`", short(text)))
    } else {
        Diagnostic::new(&RULE, span, format!("`{parameter}` of `{operator}` takes one tensor, not a list"))
            .help("delete the brackets")
    }
}

/// The lists of a call pair their elements and have different lengths.
pub(crate) fn uneven(span: Span, operator: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("the lists of `{operator}` pair their elements and have different lengths"),
    )
}
