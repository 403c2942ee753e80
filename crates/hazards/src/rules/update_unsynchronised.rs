//! A graph is executed after one of its task groups was updated on another stream, and nothing orders the two.
//!
//! **Fires** at an execution if an update issued earlier is on another stream and neither an event nor a synchronisation makes the
//! execution wait for it. Not for graphs that wait for an EXTERNAL event, a notify or a value: those may be ordered by the signal.
//!
//! **Sound because** an update is work of its stream (capture-rules, section 7, ACG161); the order is that of the
//! timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::timeline::Timeline;

/// ACG161.
pub static RULE: Rule =
    Rule::silent("ACG161", "update-unsynchronised", "nothing orders an update before the next execution");

/// Looks for updates that the execution does not wait for.
pub(crate) fn at_execute(timeline: &mut Timeline<'_, '_, '_>, call: u32, model: ModelId, lane: u32) {
    let Some(updates) = timeline.updates.remove(&model) else { return };
    let used = &timeline.uses[model];
    if !used.external_waits.is_empty() || used.waits_for_unknown {
        return;
    }
    for (update, place) in updates {
        if timeline.clocks.has_seen(lane, place) {
            continue;
        }
        let graph = timeline.trace.model_name(model);
        let finding = Finding::new(&RULE, call, format!("{graph} is executed with nothing that makes it wait for the update of its task group"))
            .label(update, "the update begins here, on another stream")
            .note("The update is asynchronous, so the execution may still see the old parameters, or some of each.")
            .help("synchronize the updating stream first, execute on that stream, or let the graph wait for an EXTERNAL event that it records after the update");
        timeline.report.add(Some(model), finding);
        timeline.clocks.join(lane, place);
    }
}
