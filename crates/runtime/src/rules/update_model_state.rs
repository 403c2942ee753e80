//! `aclmdlRIUpdate` on a graph that is neither ready nor updating.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, ModelStatus};

/// ACG167.
pub static RULE: Rule = Rule::error(
    "ACG167",
    "update-model-state",
    &[107_040],
    "a graph is updated that is running or being captured",
)
.since("9.1.0");

/// The graph must be ready or updating.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if matches!(m.state.models[model].status, ModelStatus::Ready | ModelStatus::Updating) {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_040, format!("{name} cannot be updated before its capture has ended"))
        .label(m.state.models[model].made_by, "its capture begins here")
        .help("end the capture first"))
}
