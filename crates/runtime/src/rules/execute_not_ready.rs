//! A graph is executed whose parameters were changed and not committed, or that was never finished.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, ModelStatus};

/// ACG201.
pub static RULE: Rule =
    Rule::error("ACG201", "execute-not-ready", &[507_011], "a graph is executed that is not ready");

/// The graph must be ready.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].status == ModelStatus::Ready {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 507_011, format!("{name} is not ready to be executed"))
        .label(m.state.models[model].made_by, "made here")
        .help("call aclmdlRIUpdate after changing parameters, or aclmdlRIBuildEnd after building"))
}
