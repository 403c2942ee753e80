//! An event with the `DEVICE_USE_ONLY` flag is recorded, waited for, reset or synchronized.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;
use crate::state::event::flag;

/// ACG062.
pub static RULE: Rule = Rule::error(
    "ACG062",
    "event-device-only",
    &[107_000],
    "an event for the device's own use is used by the host",
);

/// The event must not be for the device only.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    if m.state.events[event].flags & flag::DEVICE_USE_ONLY == 0 {
        return Ok(());
    }
    let name = m.event_name(event);
    Err(refuse(&RULE, 107_000, format!("{name} is for the device's own use"))
        .label(m.state.events[event].made_by, "created with ACL_EVENT_DEVICE_USE_ONLY")
        .help(format!("create {name} with aclrtCreateEventExWithFlag(&{name}, ACL_EVENT_SYNC)")))
}
