//! A capturing stream waits for an event whose last record ran at once, outside any live capture.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG056.
pub static RULE: Rule = Rule::error(
    "ACG056",
    "wait-on-outside-record",
    &[107_024],
    "a capturing stream waits for an event that was recorded outside the capture",
);

/// The event must not have been recorded outside.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    let object = &m.state.events[event];
    let Some(record) = object.recorded_by.filter(|_| object.is_ex()) else { return Ok(()) };
    let (name, stream_name) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(
        &RULE,
        107_024,
        format!("{stream_name} is being captured, but {name} was recorded outside the capture"),
    )
    .label(record, "recorded here, outside the capture")
    .label(m.state.streams[stream].entered_by, format!("{stream_name} entered the capture here"))
    .note("The capture stays valid, without this wait.")
    .help(format!("record {name} on a stream of the capture, or synchronize before the capture begins")))
}
