//! A stream or an event is destroyed before the work that uses it is known to be complete.
//!
//! **Fires** where a stream is destroyed whose last work, or an event whose last record, the host has not waited for in any way.
//!
//! **Sound because** calls only queue work, and what they queue uses the stream and the event when it runs (capture-rules, section
//! 14.3, ACG346); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{EventId, StreamId};

use crate::timeline::{HOST, Timeline};

/// ACG346.
pub static RULE: Rule = Rule::lint(
    "ACG346",
    "sync-destroy-early",
    "a stream or an event is destroyed before the work that uses it is synchronized",
);

/// Looks for work on the stream that the host has not waited for.
pub(crate) fn at_destroy_stream(timeline: &mut Timeline<'_, '_, '_>, call: u32, stream: StreamId) {
    let Some((last, place)) = timeline.last_work(stream) else { return };
    if timeline.clocks.has_seen(HOST, place) {
        return;
    }
    let name = timeline.trace.stream_name(stream);
    let finding =
        Finding::new(&RULE, call, format!("{name} is destroyed before its work is known to be complete"))
            .label(last, "its last work; nothing waits for it")
            .help(format!("call aclrtSynchronizeStream({name}) first"));
    timeline.report.add(None, finding);
}

/// Looks for a record of the event that the host has not waited for.
pub(crate) fn at_destroy_event(timeline: &mut Timeline<'_, '_, '_>, call: u32, event: EventId) {
    let Some(record) = timeline.records.get(&event).copied() else { return };
    if record.is_lost || timeline.clocks.has_seen(HOST, record.place) {
        return;
    }
    let name = timeline.trace.event_name(event);
    let finding =
        Finding::new(&RULE, call, format!("{name} is destroyed before its record is known to be complete"))
            .label(record.call, "nothing waits for this record")
            .help("synchronize the stream that the event is recorded on first");
    timeline.report.add(None, finding);
}
