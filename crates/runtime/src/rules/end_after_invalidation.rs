//! `aclmdlRICaptureEnd` of a capture that an earlier call made invalid.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{CaptureStatus, ModelId, ModelStatus, StreamId};

/// ACG014.
pub static RULE: Rule =
    Rule::error("ACG014", "end-after-invalidation", &[507_903], "an invalidated capture yields no graph");

/// The capture must still be valid.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, model: ModelId) -> Verdict {
    let invalid = m.state.streams[stream].status == CaptureStatus::Invalidated
        || m.state.models[model].status == ModelStatus::Invalidated;
    if !invalid {
        return Ok(());
    }
    let name = m.stream_name(stream);
    let cause = m.state.models[model].cause;
    let rule = cause.and_then(|cause| cause.rule).map_or(String::new(), |rule| format!(" ({})", rule.name));
    let message =
        format!("the capture on {name} was made invalid before its end{rule}, its graph is thrown away");
    Err(refuse(&RULE, 507_903, message)
        .label_if(cause.map(|cause| cause.call), "this call made it invalid")
        .because_of(cause.map(|cause| cause.call))
        .help("mend the first failing call; every later failure of this capture follows from it"))
}
