//! Synchronization, query or time of an EXTERNAL event.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG069.
pub static RULE: Rule =
    Rule::error("ACG069", "external-host-query", &[207_000], "the host asks about an EXTERNAL event");

/// The host cannot ask about EXTERNAL events.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.events[event].is_external() {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("the host cannot wait for or ask about the EXTERNAL event {name}"))
        .label(m.state.events[event].made_by, "created with ACL_EVENT_EXTERNAL")
        .help("synchronize the stream that executes the graph"))
}
