//! `aclrtSynchronizeEvent` on a captured event.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG082.
pub static RULE: Rule =
    Rule::error("ACG082", "sync-captured-event", &[107_028], "the host waits for an event that is captured");

/// The event must not be captured.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.is_captured(event) {
        return Ok(());
    }
    let name = m.event_name(event);
    let record = m.state.events[event].captured.map(|captured| m.state.captured[captured].made_by);
    Err(refuse(&RULE, 107_028, format!("the host cannot wait for {name}, which is captured"))
        .label_if(record, "recorded in a capture here")
        .help("synchronize the stream that executes the graph"))
}
