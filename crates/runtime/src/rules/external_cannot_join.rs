//! An eager stream waits for an EXTERNAL event that is recorded in a capture: it stays outside.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG066.
pub static RULE: Rule = Rule::silent(
    "ACG066",
    "external-cannot-join",
    "a stream that waits for an EXTERNAL event does not join the capture",
);

/// Looks for an eager stream that waits for an event recorded in a live capture.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    let Some((record, model)) = m.state.events[event].user else { return };
    if m.state.streams[stream].is_capturing() || !m.state.models[model].is_capturing() {
        return;
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    let finding = m
        .finding(&RULE, format!("{stream} does not join the capture: {name} is an EXTERNAL event"))
        .label(record, format!("{name} is recorded in the capture here"))
        .note("Work on the stream runs at once.")
        .help("fork with an event of aclrtCreateEventExWithFlag(…, ACL_EVENT_SYNC)");
    m.report(finding);
}
