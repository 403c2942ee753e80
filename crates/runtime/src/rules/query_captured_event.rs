//! `aclrtQueryEventStatus` on a captured event; the two older queries on any event of the newer kind.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG083.
pub static RULE: Rule = Rule::error(
    "ACG083",
    "query-captured-event",
    &[107_028, 207_000],
    "the host asks about an event that is captured",
);

/// The event must not be captured.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.is_captured(event) {
        return Ok(());
    }
    let name = m.event_name(event);
    let record = m.state.events[event].captured.map(|captured| m.state.captured[captured].made_by);
    Err(refuse(&RULE, 107_028, format!("the host cannot ask about {name}, which is captured"))
        .label_if(record, "recorded in a capture here")
        .help("query the stream that executes the graph"))
}

/// The older queries refuse every event of `aclrtCreateEventExWithFlag`.
pub(crate) fn check_old(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.events[event].is_ex() {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("this query does not take {name}"))
        .label(m.state.events[event].made_by, "created by aclrtCreateEventExWithFlag")
        .help("use aclrtQueryEventStatus"))
}
