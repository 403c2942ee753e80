//! `aclrtResetEvent` on an event of `aclrtCreateEventExWithFlag`.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG058.
pub static RULE: Rule = Rule::error(
    "ACG058",
    "reset-ex-event",
    &[207_000],
    "events of aclrtCreateEventExWithFlag cannot be reset",
);

/// The event must be of one of the two older functions.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.events[event].is_ex() {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("{name} cannot be reset by the program"))
        .label(m.state.events[event].made_by, "created by aclrtCreateEventExWithFlag")
        .note("The runtime itself resets captured events at the end of each execution.")
        .help("drop the reset"))
}
