//! `aclrtEventElapsedTime` or `aclrtEventGetTimestamp` with a captured event.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG084.
pub static RULE: Rule = Rule::error(
    "ACG084",
    "timing-captured-event",
    &[107_028],
    "a time is asked of an event that is captured",
);

/// The event must not be captured.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.is_captured(event) {
        return Ok(());
    }
    let name = m.event_name(event);
    let record = m.state.events[event].captured.map(|captured| m.state.captured[captured].made_by);
    Err(refuse(&RULE, 107_028, format!("{name} has no time, it is captured"))
        .label_if(record, "recorded in a capture here")
        .help("record events with ACL_EVENT_TIME_LINE around the execution of the graph"))
}
