//! A graph is executed before its capture has ended.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG200.
pub static RULE: Rule = Rule::error(
    "ACG200",
    "execute-capturing-model",
    &[107_026],
    "a graph is executed while it is being captured",
);

/// The capture of the graph must have ended.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if !m.state.models[model].is_capturing() {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_026, format!("{name} cannot be executed while it is being captured"))
        .label(m.state.models[model].made_by, "its capture begins here")
        .help("execute it after aclmdlRICaptureEnd"))
}
