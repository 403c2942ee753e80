//! A stream waits for an event that has no record that counts: success, no task, no order.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG057.
pub static RULE: Rule = Rule::silent(
    "ACG057",
    "wait-never-recorded",
    "a wait for an event that nothing has recorded orders nothing",
);

/// Whether the wait is a no-op.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) -> bool {
    let object = &m.state.events[event];
    if !object.is_ex() || object.recorded_by.is_some() {
        return false;
    }
    if let Some(record) = object.ended_record {
        super::captured_record_after_end::look(m, event, record);
        return true;
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    let finding = m
        .finding(&RULE, format!("{stream} waits for nothing: {name} has not been recorded"))
        .label(object.made_by, format!("{name} is created here and never recorded before the wait"))
        .note("The call succeeds, no task is stored, and the stream does not join a capture.")
        .help(format!("record {name} before the wait is issued"));
    m.report(finding);
    true
}
