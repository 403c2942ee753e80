//! `aclmdlRICaptureToModelRIBegin` with a branch that was or is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG187.
pub static RULE: Rule =
    Rule::error("ACG187", "subcapture-twice", &[107_026], "a branch is captured a second time")
        .since("9.1.0");

/// The branch must not have been captured.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].inners.is_empty() {
        return Ok(());
    }
    let name = m.model_name(model);
    let origin = m.state.models[model].inners.first().map(|&inner| m.state.inners[inner].stream);
    Err(refuse(&RULE, 107_026, format!("{name} was already captured"))
        .label_if(origin.map(|origin| m.state.streams[origin].entered_by), "captured on this stream")
        .help("capture each branch once"))
}
