//! Operators that the table does not have.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_operators::Operator;

use crate::quote::{quote, short};

pub(crate) static RULE: Rule =
    Rule::error("ACG418", "unknown-operator", &[], "an operator is not in the operator table");

/// `name` is called like an operator.
pub(crate) fn diagnostic(span: Span, name: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&RULE, span, format!("{} is not an operator that is known", quote(name)));
    match Operator::suggest(name) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => {
            diagnostic.help(format!("launch a kernel of your own as `kernel \"{}\"(…) -> …`", short(name)))
        }
    }
}
