//! A capturing stream waits for an event of `aclrtCreateEvent` or `aclrtCreateEventWithFlag`.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG051.
pub static RULE: Rule = Rule::error(
    "ACG051",
    "legacy-event-wait",
    &[207_000],
    "a capturing stream waits for an event that cannot be captured",
);

/// Only events of `aclrtCreateEventExWithFlag`, and EXTERNAL ones, can be waited for in a capture.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    let object = &m.state.events[event];
    if object.is_ex() || object.is_external() {
        return Ok(());
    }
    let (name, stream_name) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(&RULE, 207_000, format!("{stream_name} is being captured and cannot wait for {name}"))
        .label(object.made_by, "created by a function whose events cannot be captured")
        .help(format!("create {name} with aclrtCreateEventExWithFlag(&{name}, ACL_EVENT_SYNC)")))
}
