//! Update end before every kernel of the group was launched anew, zero launches included.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupId, StreamId};

/// ACG158.
pub static RULE: Rule = Rule::error(
    "ACG158",
    "update-too-few",
    &[507_000],
    "an update launches fewer kernels than its group has",
);

/// Every kernel of the group must have had its launch.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, group: GroupId) -> Verdict {
    let object = &m.state.groups[group];
    let (count, done) = (object.tasks.len(), object.next as usize);
    if count == done {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 507_000, format!("{name} updates {done} of the {count} kernels of a task group"))
        .label(object.opened_by, "the group is captured here")
        .note("Kernels that were updated stay updated.")
        .help("launch every kernel of the group, also those that do not change; skip begin and end where nothing changes"))
}
