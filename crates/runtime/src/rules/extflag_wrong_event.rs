//! A record or wait with the external flag of an event that is not an Ex event with exactly the SYNC flag.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;
use crate::state::event::flag;

/// ACG071.
pub static RULE: Rule = Rule::error(
    "ACG071",
    "extflag-wrong-event",
    &[207_000],
    "the external flag goes only with events whose only flag is SYNC",
)
.since("9.2.0-beta.1");

/// The event must be an Ex event whose only flag is SYNC.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    let object = &m.state.events[event];
    if object.is_ex() && object.flags == flag::SYNC {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 207_000, format!("{name} cannot be used with the external flag"))
        .label(object.made_by, "not created as an event whose only flag is SYNC")
        .help(format!("create {name} with aclrtCreateEventExWithFlag(&{name}, ACL_EVENT_SYNC)")))
}
