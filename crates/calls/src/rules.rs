//! What can be wrong with the text of a log.

use acg_diagnostics::Rule;

/// A line that has no `function(` in it.
pub static NOT_A_CALL: Rule =
    Rule::error("ACG460", "log-line-not-a-call", &[], "a line of a call log is neither a call nor a comment");
/// A function that is in no table.
pub static UNKNOWN_FUNCTION: Rule =
    Rule::error("ACG461", "log-unknown-function", &[], "a call log calls a function that acg does not know");
/// Too few or too many arguments.
pub static ARGUMENT_COUNT: Rule = Rule::error(
    "ACG462",
    "log-argument-count",
    &[],
    "a call has more or fewer arguments than the function's prototype",
);
/// An argument of a form that its parameter cannot take.
pub static ARGUMENT_FORM: Rule = Rule::error(
    "ACG463",
    "log-argument-form",
    &[],
    "an argument does not have the form that its parameter takes",
);
/// A symbol that its enumeration does not have.
pub static UNKNOWN_ENUMERATOR: Rule = Rule::error(
    "ACG464",
    "log-unknown-enumerator",
    &[],
    "an argument names an enumerator that its type does not have",
);
/// What stands in the braces behind a kernel.
pub static KERNEL_ATTRIBUTE: Rule = Rule::error(
    "ACG465",
    "log-kernel-attribute",
    &[],
    "a kernel's braces hold something other than its launch attributes",
);
/// A string, list, struct or argument list without its end.
pub static UNCLOSED: Rule = Rule::error(
    "ACG466",
    "log-unclosed",
    &[],
    "a string, list, struct or argument list is not closed on its line",
);
/// `[tN]` or `xN` with a bad number.
pub static PREFIX: Rule = Rule::error(
    "ACG467",
    "log-call-prefix",
    &[],
    "the thread or the repeat count before a call is not a usable number",
);
/// Something other than `= code` and a comment behind a call.
pub static AFTER_CALL: Rule = Rule::error(
    "ACG468",
    "log-after-call",
    &[],
    "what follows a call is neither its return code nor a comment",
);
/// More than 4 GiB of text.
pub static TOO_LARGE: Rule = Rule::error("ACG469", "log-too-large", &[], "a call log is larger than 4 GiB");

/// Every rule of this crate, by code.
pub static RULES: &[&Rule] = &[
    &NOT_A_CALL,
    &UNKNOWN_FUNCTION,
    &ARGUMENT_COUNT,
    &ARGUMENT_FORM,
    &UNKNOWN_ENUMERATOR,
    &KERNEL_ATTRIBUTE,
    &UNCLOSED,
    &PREFIX,
    &AFTER_CALL,
    &TOO_LARGE,
];
