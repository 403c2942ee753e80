//! A conditional call with NULL for graph, handle or result.

use acg_calls::{CallView, Name};
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::ModelId;

/// ACG178.
pub static RULE: Rule =
    Rule::error("ACG178", "cond-null", &[100_000, 107_000], "a conditional call is given NULL")
        .since("9.1.0");

/// The graph at `position`.
pub(crate) fn model(m: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict<ModelId> {
    m.model(c, position)?.ok_or_else(|| {
        let (name, binding) = m.handle(c, position);
        with_origin(m, name, binding.by, 100_000)
    })
}

/// There must be a variable at `position`.
pub(crate) fn out(_: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict {
    if !c.is_null(position) {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, format!("{} has no variable for its result", c.api())))
}

/// The refusal for a handle that is NULL.
pub(crate) fn refusal(m: &Machine<'_>, name: Option<Name>, code: i32) -> Refusal {
    let by = name.and_then(|name| m.names.find(name).by);
    with_origin(m, name, by, code)
}

fn with_origin(m: &Machine<'_>, name: Option<Name>, by: Option<u32>, code: i32) -> Refusal {
    let name = name.map_or("it", |name| m.text(name));
    let by = by.filter(|&call| m.was_refused(call));
    refuse(&RULE, code, format!("{name} is NULL"))
        .label_if(by, "this call was to define it and failed")
        .because_of(by)
        .help("check the result of the call that defines it")
}
