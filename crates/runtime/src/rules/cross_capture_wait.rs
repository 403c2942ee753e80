//! A stream that is captured into one graph waits for an event that is captured into another.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{CaptureEventId, EventId, StreamId};

/// ACG036.
pub static RULE: Rule = Rule::error(
    "ACG036",
    "cross-capture-wait",
    &[107_032],
    "a stream of one capture waits for an event of another",
);

/// Event and stream must belong to the same capture.
pub(crate) fn check(m: &Machine<'_>, event: EventId, captured: CaptureEventId, stream: StreamId) -> Verdict {
    let Some(inner) = m.state.streams[stream].inner else { return Ok(()) };
    let theirs = m.state.inners[m.state.captured[captured].inner].model;
    let ours = m.state.inners[inner].model;
    if theirs == ours {
        return Ok(());
    }
    let (name, event) = (m.stream_name(stream), m.event_name(event));
    Err(refuse(&RULE, 107_032, format!("stream {name} and event {event} belong to two different captures"))
        .label(m.state.captured[captured].made_by, format!("{event} is recorded in {}", m.model_name(theirs)))
        .label(m.state.streams[stream].entered_by, format!("{name} is part of {}", m.model_name(ours)))
        .note("Both captures are invalid from here on.")
        .help("capture both parts into one graph, or order the two graphs when they are executed"))
}

/// The same for a record that takes an internal event of an earlier, failed record.
pub(crate) fn check_record(
    m: &Machine<'_>,
    event: EventId,
    captured: CaptureEventId,
    stream: StreamId,
) -> Verdict {
    check(m, event, captured, stream)
}
