//! A graph is used while another context than its own is current.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG209.
pub static RULE: Rule = Rule::error(
    "ACG209",
    "execute-context",
    &[107_004],
    "a graph of another context than the thread's current one is used",
);

/// The graph must belong to the thread's current context.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if m.state.models[model].context == m.state.threads[m.thread].context {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_004, format!("{name} belongs to another context than the current one"))
        .label(m.state.models[model].made_by, "made while another context was current")
        .help("call aclrtSetCurrentContext with its context first"))
}
