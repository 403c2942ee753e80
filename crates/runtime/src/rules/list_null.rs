//! `aclmdlRIGetStreams` or `aclmdlRIGetTasksByStream` with NULL.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::ModelId;

/// ACG363.
pub static RULE: Rule =
    Rule::error("ACG363", "list-null", &[107_000], "streams or tasks are listed of nothing");

/// The graph at position 0.
pub(crate) fn model(m: &Machine<'_>, c: &CallView<'_>) -> Verdict<ModelId> {
    m.model(c, 0)?.ok_or_else(|| {
        let (name, binding) = m.handle(c, 0);
        let by = binding.by.filter(|&call| m.was_refused(call));
        let name = name.map_or("NULL", |name| m.text(name));
        refuse(&RULE, 107_000, format!("{name} is no graph, so it has no streams to list"))
            .label_if(by, "this call was to yield it and failed")
            .because_of(by)
            .help("check the result of aclmdlRICaptureEnd")
    })
}

/// The refusal for a stream that is none of a graph's.
pub(crate) fn stream(m: &Machine<'_>, c: &CallView<'_>) -> Refusal {
    let name = c.name(0).map_or("NULL", |name| m.text(name));
    refuse(&RULE, 107_000, format!("{name} is none of the streams that were listed last"))
        .help("list the streams of a graph with aclmdlRIGetStreams first")
}
