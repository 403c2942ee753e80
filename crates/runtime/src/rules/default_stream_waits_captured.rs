//! The default stream waits for a captured event.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG040.
pub static RULE: Rule = Rule::error(
    "ACG040",
    "default-stream-waits-captured",
    &[107_031],
    "the default stream cannot wait for a captured event",
);

/// The default stream cannot join a capture.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, event: EventId) -> Verdict {
    if !m.is_default(stream) {
        return Ok(());
    }
    let name = m.event_name(event);
    let record = m.state.events[event].captured.map(|captured| m.state.captured[captured].made_by);
    Err(refuse(&RULE, 107_031, format!("the default stream cannot wait for {name}, which is captured"))
        .label_if(record, format!("{name} is recorded in a capture here"))
        .help("wait on a created stream; that brings it into the capture"))
}
