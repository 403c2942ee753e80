//! An event of `aclrtCreateEvent` or `aclrtCreateEventWithFlag` is recorded on a capturing stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG050.
pub static RULE: Rule = Rule::error(
    "ACG050",
    "legacy-event-record",
    &[207_000],
    "an event that cannot be captured is recorded on a capturing stream",
);

/// Only events of `aclrtCreateEventExWithFlag` can be captured.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    if m.state.events[event].is_ex() {
        return Ok(());
    }
    let (name, stream_name) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(
        &RULE,
        207_000,
        format!("{name} cannot be recorded on {stream_name}, which is being captured"),
    )
    .label(m.state.events[event].made_by, "created by a function whose events cannot be captured")
    .note("Nothing is recorded, so streams that wait for it do not join the capture.")
    .help(format!("create {name} with aclrtCreateEventExWithFlag(&{name}, ACL_EVENT_SYNC)")))
}
