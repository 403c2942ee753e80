//! `aclmdlRICaptureTaskGrpEnd` after the capture became invalid: no handle.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{CaptureStatus, ModelId, ModelStatus, StreamId};

/// ACG136.
pub static RULE: Rule = Rule::error(
    "ACG136",
    "group-end-invalid",
    &[507_903, 507_009, 107_034],
    "a task group of an invalid capture is closed",
);

/// The capture must be valid.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, model: ModelId) -> Verdict {
    let graph = &m.state.models[model];
    let invalid = graph.status == ModelStatus::Invalidated
        || m.state.streams[stream].status == CaptureStatus::Invalidated;
    if graph.group_error.is_none() && !invalid {
        return Ok(());
    }
    let name = m.stream_name(stream);
    let cause = graph.cause.map(|cause| cause.call);
    let code = graph.group_error.unwrap_or(507_903);
    Err(refuse(&RULE, code, format!("the task group on {name} yields no handle, its capture is invalid"))
        .label_if(cause, "this call made it invalid")
        .because_of(cause)
        .help("mend the first failing call"))
}
