//! A captured record or wait passes its checks and fails inside.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{CaptureEventId, EventId, Signal, StreamId};

/// ACG064.
pub static RULE: Rule = Rule::error(
    "ACG064",
    "captured-op-failed",
    &[507_000],
    "a captured record or wait failed inside the runtime",
);

/// The refusal for an event or stream whose capture is gone.
pub(crate) fn refusal(m: &Machine<'_>, event: EventId, stream: StreamId) -> Refusal {
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    refuse(&RULE, 507_000, format!("the capture that {name} and {stream} belong to is gone"))
        .help("end every capture before its graph goes away")
}

/// A memory event must have been recorded before it can be waited for.
pub(crate) fn check_signal(
    m: &Machine<'_>,
    captured: CaptureEventId,
    event: EventId,
    stream: StreamId,
) -> Verdict {
    if m.state.captured[captured].signal != Signal::Memory(None) {
        return Ok(());
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    let record = m.state.captured[captured].made_by;
    Err(refuse(&RULE, 507_000, format!("{stream} waits for {name}, whose record failed"))
        .label(record, "this record failed")
        .because_of(Some(record)))
}
