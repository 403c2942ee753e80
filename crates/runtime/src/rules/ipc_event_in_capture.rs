//! An IPC event is recorded or waited for on a capturing stream, or reset anywhere.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::event::flag;
use crate::state::{EventId, StreamId};

/// ACG055.
pub static RULE: Rule = Rule::error(
    "ACG055",
    "ipc-event-in-capture",
    &[207_000],
    "an event that is shared between processes is used in a capture",
);

/// The event must not be shared between processes.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    if m.state.events[event].flags != flag::IPC || !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(
        &RULE,
        207_000,
        format!("the IPC event {name} cannot be used on {stream}, which is being captured"),
    )
    .label(m.state.events[event].made_by, "created with ACL_EVENT_IPC")
    .help("use an event with ACL_EVENT_SYNC inside the graph"))
}

/// An event that is shared between processes has no time, in a capture or not.
pub(crate) fn check_time(m: &Machine<'_>, event: EventId) -> Verdict {
    if m.state.events[event].flags != flag::IPC {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("no time is kept for the IPC event {name}"))
        .label(m.state.events[event].made_by, "created with ACL_EVENT_IPC")
        .help("take times with an event of flag ACL_EVENT_TIME_LINE"))
}
