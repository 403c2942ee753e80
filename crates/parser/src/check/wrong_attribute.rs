//! Attributes in `[…]` that do not fit the task.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_ir::task_attribute::{TASK_ATTRIBUTES, TaskAttribute};

use crate::quote::quote;
use acg_diagnostics::closest;

pub(crate) static RULE: Rule = Rule::error(
    "ACG422",
    "wrong-attribute",
    &[],
    "a task attribute does not exist, does not fit the task, or has the wrong kind of value",
);

/// No attribute has this name.
pub(crate) fn unknown(span: Span, name: &str) -> Diagnostic {
    let names = TASK_ATTRIBUTES.iter().map(|attribute| attribute.name);
    let diagnostic = Diagnostic::new(&RULE, span, format!("{} is not an attribute of tasks", quote(name)));
    match closest(name, names.clone()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("attributes are {}", names.collect::<Vec<_>>().join(", "))),
    }
}

/// The attribute belongs to other tasks.
pub(crate) fn other_task(span: Span, attribute: &TaskAttribute) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{}` is an attribute of {}", attribute.name, attribute.tasks.in_words()),
    )
    .help("delete it")
}

/// The value has another form.
pub(crate) fn value(span: Span, attribute: &TaskAttribute) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{}` takes {}", attribute.name, attribute.form.in_words()))
        .help(format!("write `{} = {}`", attribute.name, attribute.form.example()))
}

/// The attribute is given a second time.
pub(crate) fn twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{name}` is given twice")).help("delete one of them")
}
