//! Anything but a kernel launch on a stream between update begin and update end.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupStatus, StreamId};

/// ACG156.
pub static RULE: Rule = Rule::error(
    "ACG156",
    "update-bad-task",
    &[507_009],
    "a task that is no kernel is put on a stream that updates a task group",
);

/// The stream must not be updating a group.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].group_status != GroupStatus::Updating {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 507_009, format!("{name} is updating a task group and takes only kernels meanwhile"))
        .help("move this call behind aclmdlRICaptureTaskUpdateEnd, or to another stream"))
}
