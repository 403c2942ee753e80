//! An event that is captured into one live graph is recorded in another.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG037.
pub static RULE: Rule = Rule::silent(
    "ACG037",
    "cross-capture-record",
    "an event of one live capture is recorded in another, which takes it over",
);

/// Looks for an event that another live capture has.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    let (Some(theirs), Some((_, ours))) = (m.state.model_of_event(event), m.state.capture_of(stream)) else {
        return;
    };
    if theirs == ours || !m.state.models[theirs].is_capturing() {
        return;
    }
    let Some(captured) = m.state.events[event].captured else { return };
    let name = m.event_name(event);
    let finding = m
        .finding(
            &RULE,
            format!("{name} is already recorded in {}, and now stands for this record", m.model_name(theirs)),
        )
        .label(m.state.captured[captured].made_by, "the record it stood for")
        .help("use one event per capture");
    m.report(finding);
}
