//! The handle of a task group is used after its graph was destroyed: the runtime follows a dangling pointer.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupId, StreamId};

/// ACG139.
pub static RULE: Rule =
    Rule::lint("ACG139", "group-handle-lifetime", "a task group is updated after its graph was destroyed");

/// Whether the group's graph is there.
pub(crate) fn is_alive(m: &Machine<'_>, group: GroupId) -> bool {
    m.state.models[m.state.groups[group].model].destroyed_by.is_none()
}

/// Looks for an update of a group whose graph is gone.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>, group: GroupId) {
    let Some(destroyed) = m.state.models[m.state.groups[group].model].destroyed_by else { return };
    let name = c.name(1).map_or("the group", |name| m.text(name));
    let root = m.root_of(destroyed);
    let finding = m
        .finding(&RULE, format!("{name} is updated although its graph is gone: the handle dangles"))
        .label(destroyed, "the graph was destroyed here")
        .because_of(root)
        .help("update groups only while their graph lives");
    m.report(finding);
}

/// A launch into a group whose graph is gone finds no task.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, group: GroupId) -> Verdict {
    let Some(destroyed) = m.state.models[m.state.groups[group].model].destroyed_by else { return Ok(()) };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 507_000, format!("the kernel that {name} is to update is gone with its graph"))
        .label(destroyed, "the graph was destroyed here")
        .because_of(m.root_of(destroyed))
        .help("update groups only while their graph lives"))
}
