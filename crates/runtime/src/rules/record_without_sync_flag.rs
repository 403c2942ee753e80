//! An event without the SYNC flag is recorded on a capturing stream: success, and nothing is stored.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG052.
pub static RULE: Rule = Rule::silent(
    "ACG052",
    "record-without-sync-flag",
    "a record of an event without the SYNC flag is not captured",
);

/// Whether the record vanishes.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) -> bool {
    if !m.state.events[event].has_no_wait() {
        return false;
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    let finding = m
        .finding(&RULE, format!("the record of {name} on {stream} succeeds and stores nothing in the graph"))
        .label(m.state.events[event].made_by, "created without ACL_EVENT_SYNC")
        .help(format!("create {name} with ACL_EVENT_SYNC among its flags"));
    m.report(finding);
    true
}
