//! A stream waits for an event of the older functions without SYNC or EXTERNAL that has no record.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::event::flag;
use crate::state::{EventId, StreamId};

/// ACG340.
pub static RULE: Rule = Rule::error(
    "ACG340",
    "sync-wait-before-record",
    &[107_000],
    "a stream waits for an event that was never recorded",
);

/// Such an event must have been recorded.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    let object = &m.state.events[event];
    let waits_anyway = object.is_ex() || object.flags & (flag::SYNC | flag::EXTERNAL) != 0;
    if waits_anyway || object.recorded_by.is_some() {
        return Ok(());
    }
    let refused = object.record_tried_by.filter(|&call| m.was_refused(call));
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(&RULE, 107_000, format!("{stream} waits for {name}, which was never recorded"))
        .label(object.made_by, format!("{name} is created here"))
        .label_if(refused, format!("this record of {name} is refused"))
        .because_of(refused)
        .help(format!("record {name} before the wait is issued")))
}
