//! A stream or the host waits for an event whose only records were captured in a graph that has ended.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::EventId;

/// ACG047.
pub static RULE: Rule = Rule::silent(
    "ACG047",
    "captured-record-after-end",
    "an event that was only recorded in an ended capture signals nothing",
);

/// What a wait for an event says whose last record was captured at call `record`.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, record: u32) {
    let name = m.event_name(event);
    let finding = m
        .finding(&RULE, format!("this waits for nothing: {name} was recorded in a capture, and executing the graph does not record it"))
        .label(record, format!("the record of {name} went into the graph"))
        .help(format!("record {name} after the execution, or signal out of the graph with an event of flag ACL_EVENT_EXTERNAL"));
    m.report(finding);
}

/// Looks for an event that the host asks about and that was only recorded in an ended capture.
pub(crate) fn look_from_host(m: &mut Machine<'_>, event: EventId) {
    let object = &m.state.events[event];
    if let Some(record) = object.ended_record.filter(|_| object.recorded_by.is_none()) {
        look(m, event, record);
    }
}
