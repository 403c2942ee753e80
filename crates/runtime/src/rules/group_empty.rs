//! A task group is closed without a kernel in it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::GroupId;

/// ACG138.
pub static RULE: Rule = Rule::lint("ACG138", "group-empty", "a task group holds no kernel");

/// Looks for a group without kernels.
pub(crate) fn look(m: &mut Machine<'_>, group: GroupId) {
    if !m.state.groups[group].tasks.is_empty() {
        return;
    }
    let finding = m
        .finding(&RULE, "this task group holds no kernel, so there is nothing to update".to_owned())
        .label(m.state.groups[group].opened_by, "opened here")
        .note("It still costs its filler tasks in the queue.")
        .help("launch the kernels between begin and end, or drop the group");
    m.report(finding);
}
