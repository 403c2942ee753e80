//! `aclrtDestroyEvent` on an event of a capture that has not ended.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::EventId;

/// ACG065.
pub static RULE: Rule =
    Rule::lint("ACG065", "destroy-captured-event", "an event is destroyed while it is captured");

/// Looks for an event that is still captured.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId) {
    if !m.state.is_captured(event) {
        return;
    }
    let Some(captured) = m.state.events[event].captured else { return };
    let name = m.event_name(event);
    let finding = m
        .finding(&RULE, format!("{name} is destroyed while it is captured"))
        .label(m.state.captured[captured].made_by, "captured here")
        .note("The runtime detaches it; documents ask for resources to live as long as the graph.")
        .help("destroy it after the capture has ended");
    m.report(finding);
}
