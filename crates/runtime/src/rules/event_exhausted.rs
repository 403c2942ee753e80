//! A captured record or a callback needs a hardware event and there is none.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{EventId, Shortage, StreamId};

/// ACG232.
pub static RULE: Rule =
    Rule::error("ACG232", "event-exhausted", &[207_007], "there is no hardware event left");

/// The refusal for a captured record.
pub(crate) fn record(m: &Machine<'_>, event: EventId, stream: StreamId, shortage: Shortage) -> Refusal {
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    refuse(
        &RULE,
        shortage.code(),
        format!("there is no hardware event left to capture the record of {name} on {stream}"),
    )
    .help("record fewer events in one graph, or destroy graphs that are no longer executed")
}

/// The refusal for a blocking callback.
pub(crate) fn callback(m: &Machine<'_>, stream: StreamId, shortage: Shortage) -> Refusal {
    let stream = m.stream_name(stream);
    refuse(
        &RULE,
        shortage.code(),
        format!("there is no hardware event left for a callback that blocks {stream}"),
    )
    .help("destroy graphs that are no longer executed")
}
