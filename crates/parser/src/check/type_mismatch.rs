//! Element types that differ between source and target.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_ir::DType;

use crate::quote::{quote, short};

pub(crate) static RULE: Rule =
    Rule::error("ACG415", "type-mismatch", &[], "source and target of a copy have different element types");

/// `source` and `target` are copied into each other with types `from` and `to`.
pub(crate) fn diagnostic(
    span: Span,
    call: &str,
    (source, from): (&str, DType),
    (target, to): (&str, DType),
) -> Diagnostic {
    let message =
        format!("`{call}` does not convert: {} is {from} and {} is {to}", quote(source), quote(target));
    Diagnostic::new(&RULE, span, message).help(format!(
        "convert with an operator, or view the same bytes as another type: `device VIEW = {} as {to}[…]`",
        short(source)
    ))
}
