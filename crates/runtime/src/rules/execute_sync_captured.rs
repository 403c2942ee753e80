//! `aclmdlRIExecute` on a captured graph.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG207.
pub static RULE: Rule =
    Rule::error("ACG207", "execute-sync-captured", &[107_000], "a captured graph is executed synchronously");

/// Only graphs of the build API can be executed synchronously.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if !m.state.models[model].is_captured() {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_000, format!("{name} was captured and cannot be executed by aclmdlRIExecute"))
        .help("use aclmdlRIExecuteAsync and aclrtSynchronizeStream"))
}
