//! An EXTERNAL event is recorded for the next execution before the one before it has waited and reset.
//!
//! **Fires** at a record if an execution that waits for the event got its record already and is not known to be complete, and
//! the next execution was issued since.
//!
//! **Sound because** an event is either recorded or not: if the new record comes before the wait and the reset of the execution
//! that still runs, they swallow it, and the execution that it was meant for waits for ever. The order is that of the
//! timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{EventId, ModelId};

use crate::timeline::Timeline;

/// ACG353.
pub static RULE: Rule = Rule::silent(
    "ACG353",
    "record-before-wait",
    "an EXTERNAL event is recorded again while the execution before may not have waited for it",
);

/// Looks for executions that the record does not come after.
pub(crate) fn at_record(timeline: &mut Timeline<'_, '_, '_>, call: u32, event: EventId, lane: u32) {
    let Some(before) = timeline.records.get(&event).copied() else { return };
    let uses = timeline.uses;
    let since = |&model: &ModelId| Some((timeline.aloft.since(model)?, model));
    let mut waiting: Vec<(u32, ModelId)> = uses.waiting_for(event).iter().filter_map(since).collect();
    waiting.sort_unstable();
    for (_, model) in waiting {
        let Some(flight) = timeline.released.get(&model).cloned() else { continue };
        let is_for_next =
            timeline.aloft.of(model).any(|next| next.missing.contains(&event) && next.call > before.call);
        if !is_for_next || before.call < flight.call || timeline.clocks.has_seen(lane, flight.place) {
            continue;
        }
        let (name, graph) = (timeline.trace.event_name(event), timeline.trace.model_name(model));
        let finding = Finding::new(&RULE, call, format!("{name} is recorded again while {graph} may not have waited for the record before"))
            .label(flight.call, format!("this execution of {graph} waits for {name}"))
            .label(before.call, "the record that it waits for")
            .note("If this record comes first, the running execution resets it with its own, and the next execution waits for ever.")
            .help(format!("synchronize the stream that executes {graph} before the next record of {name}"));
        timeline.report.add(Some(model), finding);
        timeline.clocks.join(lane, flight.place);
    }
}
