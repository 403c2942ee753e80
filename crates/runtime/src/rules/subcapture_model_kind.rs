//! `aclmdlRICaptureToModelRIBegin` with a root graph, `rtStreamAddToModel` with one that is not captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG186.
pub static RULE: Rule =
    Rule::error("ACG186", "subcapture-model-kind", &[107_000], "a capture into a graph that is no branch")
        .since("9.1.0");

/// The graph must be a branch.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].is_branch() {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_000, format!("{name} is no branch of a conditional task"))
        .help("pass one of the graphs that aclmdlRIAddCondTask yields"))
}

/// The graph that a stream is added to must be a captured one.
pub(crate) fn captured(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].is_captured() {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(
        &RULE,
        107_000,
        format!("{name} is of the build API, streams are added to captured graphs only"),
    )
    .label(m.state.models[model].made_by, "made here")
    .help("pass the graph that aclmdlRICaptureGetInfo yields"))
}
