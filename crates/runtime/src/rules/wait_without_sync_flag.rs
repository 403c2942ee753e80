//! A stream waits for an event that was created without the SYNC flag.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG053.
pub static RULE: Rule = Rule::error(
    "ACG053",
    "wait-without-sync-flag",
    &[207_000],
    "no stream can wait for an event without the SYNC flag",
);

/// The event must have the SYNC flag.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if !m.state.events[event].has_no_wait() {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("no stream can wait for {name}, it has no SYNC flag"))
        .label(m.state.events[event].made_by, "created without ACL_EVENT_SYNC")
        .help(format!("create {name} with ACL_EVENT_SYNC among its flags")))
}
