//! `aclmdlRIAddCondTask` with a handle that already has a task.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::CondId;

/// ACG183.
pub static RULE: Rule =
    Rule::error("ACG183", "cond-handle-reused", &[107_000], "a conditional handle is used for a second task")
        .since("9.1.0");

/// The handle must be unused.
pub(crate) fn check(m: &Machine<'_>, cond: CondId) -> Verdict {
    let object = &m.state.conds[cond];
    if object.branches.is_empty() {
        return Ok(());
    }
    let name = m.cond_name(cond);
    Err(refuse(&RULE, 107_000, format!("{name} already has a conditional task"))
        .label_if(object.used_by, "its task is added here")
        .help("make one handle per task"))
}
