//! An event that is captured in a live capture is recorded on an eager stream; waits still go to the capture.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG061.
pub static RULE: Rule = Rule::silent(
    "ACG061",
    "stale-association",
    "a record outside the capture does not take an event out of it",
);

/// Looks for a captured event that is recorded outside.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    if !m.state.is_captured(event) {
        return;
    }
    let Some(captured) = m.state.events[event].captured else { return };
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    let finding = m
        .finding(
            &RULE,
            format!("{name} stays captured although it is recorded on {stream}, outside the capture"),
        )
        .label(m.state.captured[captured].made_by, "captured here")
        .note("A stream that waits for it before the capture ends joins the capture.")
        .help("use another event outside the capture");
    m.report(finding);
}
