//! Update begin on a stream that is updating a group or has an open one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupStatus, StreamId};

/// ACG152.
pub static RULE: Rule = Rule::error(
    "ACG152",
    "update-nested",
    &[107_033],
    "an update begins on a stream that is already updating or grouping",
);

/// The stream must not be busy with a group.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let text = match m.state.streams[stream].group_status {
        GroupStatus::None => return Ok(()),
        GroupStatus::Sampling => "still has a task group open that was never closed",
        GroupStatus::Updating => "is already updating a task group",
    };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_033, format!("{name} {text}")).help("end that first, or update on another stream"))
}
