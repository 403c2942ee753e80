//! Named arguments that do not fit the call.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_operators::Operator;

use crate::quote::quote;
use acg_diagnostics::closest;

pub(crate) static RULE: Rule = Rule::error(
    "ACG421",
    "wrong-argument",
    &[],
    "a named argument of a call is missing, unknown, given twice, or of the wrong kind",
);

/// `name` is no parameter of `operator`.
pub(crate) fn unknown(span: Span, operator: &Operator, name: &str) -> Diagnostic {
    let known: Vec<&str> = operator.attributes().map(|(_, parameter)| parameter.name.as_str()).collect();
    let message = format!("`{}` has no argument {}", operator.name, quote(name));
    let diagnostic = Diagnostic::new(&RULE, span, message);
    if operator.parameter(name).is_some() {
        return diagnostic
            .help("it is a tensor that is given by position: before all named arguments, or after `->`");
    }
    match closest(name, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.help("it has no named arguments"),
        None => diagnostic.help(format!("its named arguments are {}", known.join(", "))),
    }
}

/// `name` is given a second time.
pub(crate) fn twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is given twice", quote(name))).help("delete one of them")
}

/// `operator` cannot do without `name`, which is `kind` (`an integer`).
pub(crate) fn missing(span: Span, operator: &str, name: &str, kind: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{operator}` needs the argument `{name}`, {kind}"))
        .help(format!("add `{name} = …` inside of the parentheses"))
}

/// A value that no argument can have, such as a size.
pub(crate) fn value(span: Span, name: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} cannot be {what}", quote(name)))
}
