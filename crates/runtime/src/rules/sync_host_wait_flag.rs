//! The host waits for or asks about an Ex event that was created without the flag for it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::EventId;
use crate::state::event::flag;

/// ACG342.
pub static RULE: Rule = Rule::lint(
    "ACG342",
    "sync-host-wait-flag",
    "the host waits for an event that was created without ACL_EVENT_CAPTURE_STREAM_PROGRESS",
);

/// Looks for an Ex event without the flag.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId) {
    let object = &m.state.events[event];
    if !object.is_ex() || object.flags & flag::PROGRESS != 0 {
        return;
    }
    let (name, made) = (m.event_name(event), object.made_by);
    let finding = m
        .finding(&RULE, format!("{name} is not made for the host to wait for or to ask about"))
        .label(made, "created without ACL_EVENT_CAPTURE_STREAM_PROGRESS")
        .note("The documents ask for the flag; the runtime does not check it.")
        .help(format!("add ACL_EVENT_CAPTURE_STREAM_PROGRESS to the flags of {name}"));
    m.report(finding);
}
