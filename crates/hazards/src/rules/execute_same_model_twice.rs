//! One graph is executed on two streams at once.
//!
//! **Fires** at an execution if an earlier one of the same graph on another stream is not known to be complete, and the graph
//! touches memory or has captured events.
//!
//! **Sound because** executions of one graph share its buffers and internal events (capture-rules, section 9, ACG218).

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::timeline::Timeline;

/// ACG218.
pub static RULE: Rule =
    Rule::silent("ACG218", "execute-same-model-twice", "executions of one graph on two streams overlap");

/// Looks for executions that this one does not come after.
pub(crate) fn at_execute(timeline: &mut Timeline<'_, '_, '_>, call: u32, model: ModelId, lane: u32) {
    for flight in timeline.aloft.open(model, &timeline.clocks, lane).iter().rev() {
        if timeline.clocks.has_seen(lane, flight.place) {
            continue;
        }
        let graph = timeline.trace.model_name(model);
        let finding = Finding::new(&RULE, call, format!("{graph} is executed again while its execution on another stream may still run"))
            .label(flight.call, "the other execution")
            .note("Executions of one graph share its memory and its internal events.")
            .help("execute it on the same stream, or let this stream wait for an event recorded after the other execution");
        timeline.report.add(Some(model), finding);
        timeline.clocks.join(lane, flight.place);
    }
}
