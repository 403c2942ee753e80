//! `aclmdlRIDestroy` on a graph whose capture has not ended.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG212.
pub static RULE: Rule = Rule::error(
    "ACG212",
    "destroy-capturing-model",
    &[107_026],
    "a graph is destroyed while it is being captured",
);

/// The capture of the graph must have ended.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if !m.state.models[model].is_capturing() {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_026, format!("{name} cannot be destroyed while it is being captured"))
        .label(m.state.models[model].made_by, "its capture begins here")
        .help("end the capture first"))
}
