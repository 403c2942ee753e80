//! A capture is ended while one of its streams has an open task group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG016.
pub static RULE: Rule = Rule::error(
    "ACG016",
    "end-with-open-task-group",
    &[107_033],
    "a capture is ended while a task group is open",
);

/// No stream of the capture may have an open group.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].open_groups == 0 {
        return Ok(());
    }
    let open = m.open_group(model);
    let stream = open.map_or("a stream", |(inner, _)| m.stream_name(m.state.inners[inner].stream));
    Err(refuse(&RULE, 107_033, format!("the task group on {stream} is still open when the capture ends"))
        .label_if(open.map(|(_, group)| m.state.groups[group].opened_by), "opened here")
        .help(format!("call aclmdlRICaptureTaskGrpEnd on {stream} before aclmdlRICaptureEnd")))
}
