//! `aclmdlRIUpdate` on a build-API graph or a branch, or without software task queues.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG169.
pub static RULE: Rule =
    Rule::error("ACG169", "update-non-capture", &[207_000], "the graph cannot be updated in place")
        .since("9.1.0");

/// The graph must be a captured root in software queues.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    let graph = &m.state.models[model];
    let reason = if !m.state.target.has_software_queue {
        "this machine has no software task queues"
    } else if graph.is_branch() {
        "it is a branch"
    } else if !graph.is_captured() {
        "it was not captured"
    } else {
        return Ok(());
    };
    let name = m.model_name(model);
    Err(refuse(&RULE, 207_000, format!("{name} cannot be updated in place: {reason}"))
        .help("use task groups and aclmdlRICaptureTaskUpdateBegin"))
}
