//! A record or wait with the external flag of an event whose last record ran at once.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG369.
pub static RULE: Rule = Rule::error(
    "ACG369",
    "extflag-after-plain-record",
    &[107_000],
    "an event that was recorded outside of graphs is used with the external flag",
)
.since("9.2.0-beta.1");

/// The event must not be bound to a hardware event by a record that ran at once.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    let Some(record) = m.state.events[event].recorded_by else { return Ok(()) };
    let name = m.event_name(event);
    Err(refuse(
        &RULE,
        107_000,
        format!("{name} was recorded outside of graphs and cannot be used with the external flag"),
    )
    .label(record, "recorded here")
    .help("use an event of its own for signals between graphs"))
}
