//! A time of an event that was created without the `TIME_LINE` flag, or was never recorded.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;
use crate::state::event::flag;

/// ACG345.
pub static RULE: Rule =
    Rule::error("ACG345", "sync-time-flag", &[507_000, 107_006], "a time is asked of an event that has none");

/// The events must keep times and have been recorded.
pub(crate) fn check(m: &Machine<'_>, events: &[EventId]) -> Verdict {
    for &event in events {
        let object = &m.state.events[event];
        if object.recorded_by.is_none() {
            let name = m.event_name(event);
            return Err(refuse(
                &RULE,
                507_000,
                format!("{name} has no time, it was never recorded outside of captures"),
            )
            .label(object.made_by, "created here")
            .help("record it outside of captures before asking"));
        }
    }
    // On 950 every record leaves a time.
    for &event in events.iter().filter(|_| !m.state.target.is_david) {
        let object = &m.state.events[event];
        if object.flags & flag::TIME_LINE == 0 {
            let name = m.event_name(event);
            return Err(refuse(&RULE, 107_006, format!("{name} keeps no time"))
                .label(object.made_by, "created without ACL_EVENT_TIME_LINE")
                .help("create it with ACL_EVENT_TIME_LINE among its flags"));
        }
    }
    Ok(())
}
