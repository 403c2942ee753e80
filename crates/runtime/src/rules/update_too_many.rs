//! A launch into an update whose group has no further kernel.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupId, StreamId, TaskId};

/// ACG157.
pub static RULE: Rule = Rule::error(
    "ACG157",
    "update-too-many",
    &[507_000],
    "an update launches more kernels than its group has",
);

/// The kernel that the launch replaces.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, group: GroupId) -> Verdict<TaskId> {
    let object = &m.state.groups[group];
    object.tasks.get(object.next as usize).copied().ok_or_else(|| {
        let (name, count) = (m.stream_name(stream), object.tasks.len());
        refuse(
            &RULE,
            507_000,
            format!("{name} updates a task group of {count} kernels and launches one more"),
        )
        .label(object.opened_by, "the group is captured here")
        .help("launch exactly as many kernels as the group has")
    })
}
