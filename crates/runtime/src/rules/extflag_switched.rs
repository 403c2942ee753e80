//! An event's record flag (or wait flag) differs from that of its first record (or wait), even if that one failed.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::EventId;

/// ACG074.
pub static RULE: Rule = Rule::error(
    "ACG074",
    "extflag-switched",
    &[107_000],
    "an event is used with and without the external flag",
);

/// The flag of a record must be that of the event's first one.
pub(crate) fn record(m: &mut Machine<'_>, event: EventId, number: u32) -> Verdict {
    let call = m.call;
    let (first, by) = *m.state.events[event].record_flag.get_or_insert((number, call));
    if first == number { Ok(()) } else { Err(refusal(m, event, by, "recorded", first)) }
}

/// The flag of a wait must be that of the event's first one.
pub(crate) fn wait(m: &mut Machine<'_>, event: EventId, number: u32) -> Verdict {
    let call = m.call;
    let (first, by) = *m.state.events[event].wait_flag.get_or_insert((number, call));
    if first == number { Ok(()) } else { Err(refusal(m, event, by, "waited for", first)) }
}

fn refusal(m: &Machine<'_>, event: EventId, by: u32, done: &str, first: u32) -> Refusal {
    let name = m.event_name(event);
    let flag = if first == 0 { "the default flag" } else { "the external flag" };
    refuse(&RULE, 107_000, format!("{name} was first {done} with {flag} and cannot change it"))
        .label(by, "the first use decides, even if it fails")
        .help("use one event inside graphs and another one between them")
}
