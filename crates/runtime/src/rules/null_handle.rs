//! A call is given NULL for a handle that it needs.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};

/// ACG361.
pub static RULE: Rule = Rule::error("ACG361", "null-handle", &[100_000, 107_000], "a handle is NULL");

/// The refusal for the handle at `position`, which is to be a `kind`.
pub(crate) fn refusal(m: &Machine<'_>, c: &CallView<'_>, position: usize, kind: &str) -> Refusal {
    refused_with(m, c, position, kind, 100_000)
}

/// The same where the ACL layer hands NULL on to the runtime, which has a code of its own for it.
pub(crate) fn refusal_below(m: &Machine<'_>, c: &CallView<'_>, position: usize, kind: &str) -> Refusal {
    refused_with(m, c, position, kind, 107_000)
}

fn refused_with(m: &Machine<'_>, c: &CallView<'_>, position: usize, kind: &str, code: i32) -> Refusal {
    let (name, binding) = m.handle(c, position);
    let by = binding.by.filter(|&call| m.was_refused(call));
    let message = match name {
        Some(name) => format!("{} is NULL, {} needs a {kind}", m.text(name), c.api()),
        None => format!("{} needs a {kind}, it is given NULL", c.api()),
    };
    refuse(&RULE, code, message)
        .label_if(by, "this call was to define it and failed")
        .because_of(by)
        .help("check the result of the call that defines the handle")
}
