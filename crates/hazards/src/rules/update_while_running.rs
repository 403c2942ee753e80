//! A task group is updated while an execution of its graph may still run it.
//!
//! **Fires** at the start of an update if an execution issued earlier is not known to be complete, and is not held up by an EXTERNAL
//! event that it waits for.
//!
//! **Sound because** the update replaces the parameters in place (capture-rules, section 7, ACG164); the order is that of the
//! timeline. An execution that still waits for a signal is what the update is meant to run beside.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::GroupId;

use crate::timeline::Timeline;

/// ACG164.
pub static RULE: Rule =
    Rule::silent("ACG164", "update-while-running", "a task group is updated while its graph may still run");

/// Looks for executions that the update does not wait for.
pub(crate) fn at_update(timeline: &mut Timeline<'_, '_, '_>, call: u32, group: GroupId, lane: u32) {
    let model = timeline.trace.state.groups[group].model;
    let running = timeline.aloft.of(model).chain(timeline.released.get(&model));
    let flights: Vec<_> = running.filter(|flight| !flight.is_held()).cloned().collect();
    for flight in flights.iter().rev() {
        if timeline.clocks.has_seen(lane, flight.place) {
            continue;
        }
        let graph = timeline.trace.model_name(model);
        let finding = Finding::new(&RULE, call, format!("a task group of {graph} is updated while {graph} may still run"))
            .label(flight.call, "nothing makes the update wait for this execution")
            .help(format!("synchronize the stream that executes {graph} before the update, or let the graph wait for an EXTERNAL event in front of the group"));
        timeline.report.add(Some(model), finding);
        timeline.clocks.join(lane, flight.place);
    }
}
