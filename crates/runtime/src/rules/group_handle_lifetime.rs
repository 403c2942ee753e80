//! The handle of a task group is used after its graph was destroyed: the runtime follows a dangling pointer.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{GroupId, StreamId};

/// ACG139.
pub static RULE: Rule = Rule::error(
    "ACG139",
    "group-handle-lifetime",
    &[507_000],
    "a task group is updated after its graph was destroyed",
);

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
pub(crate) fn check_launch(m: &Machine<'_>, stream: StreamId, group: GroupId) -> Verdict {
    match m.state.models[m.state.groups[group].model].destroyed_by {
        None => Ok(()),
        Some(destroyed) => Err(refusal(m, stream, destroyed)),
    }
}

/// Whether the group's graph is there when its update ends. What the runtime finds where it is not is freed memory;
/// this is what it found most often.
pub(crate) fn check_end(m: &Machine<'_>, stream: StreamId, group: GroupId) -> Verdict<bool> {
    match m.state.models[m.state.groups[group].model].destroyed_by {
        None => Ok(true),
        Some(_) if m.state.target.is_david => Ok(false),
        Some(destroyed) => Err(refusal(m, stream, destroyed)),
    }
}

fn refusal(m: &Machine<'_>, stream: StreamId, destroyed: u32) -> Refusal {
    let name = m.stream_name(stream);
    refuse(&RULE, 507_000, format!("the kernels that {name} is to update are gone with their graph"))
        .label(destroyed, "the graph was destroyed here")
        .because_of(m.root_of(destroyed))
        .help("update groups only while their graph lives")
}
