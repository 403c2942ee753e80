//! A captured event is recorded again without a wait in between, which makes the first record useless.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG060.
pub static RULE: Rule = Rule::lint(
    "ACG060",
    "re-record",
    "an event is recorded again before anybody waited for its first record",
);

/// Looks for a record in the same capture that nobody waited for; one in another capture is ACG037.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    let Some(captured) = m.state.events[event].captured else { return };
    let before = &m.state.captured[captured];
    let model = m.state.inners[before.inner].model;
    let is_same = m.state.capture_of(stream).is_some_and(|(_, here)| here == model);
    if !is_same || !before.is_recorded || before.waited_by.is_some() {
        return;
    }
    let (name, made_by) = (m.event_name(event), before.made_by);
    let finding = m
        .finding(&RULE, format!("{name} is recorded again, and nobody waited for its first record"))
        .label(made_by, "the record that nobody waited for")
        .note("Each later wait uses the latest record.")
        .help("drop the first record, or use another event");
    m.report(finding);
}
