//! Two graphs that use the same memory run at once on two streams.
//!
//! **Fires** at an execution if an earlier execution of another graph on another stream is not known to be complete, and one of the
//! two writes bytes that the other reads or writes.
//!
//! **Sound because** streams run at once unless something orders them; bytes are those that the captured calls certainly touch.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::timeline::Timeline;

/// ACG359.
pub static RULE: Rule =
    Rule::silent("ACG359", "overlapping-graphs", "two graphs that use the same memory may run at once");

/// Looks for executions of other graphs that this one does not come after.
pub(crate) fn at_execute(timeline: &mut Timeline<'_, '_, '_>, call: u32, model: ModelId, lane: u32) {
    let mut others = timeline.unseen_sharers(model, lane);
    others.sort_by_key(|&other| std::cmp::Reverse(timeline.aloft.since(other)));
    for other in others.into_iter().filter(|&other| other != model) {
        for flight in timeline.aloft.open(other, &timeline.clocks, lane).iter().rev() {
            if timeline.clocks.has_seen(lane, flight.place) {
                continue;
            }
            let own = timeline.version_of(model);
            let Some(buffer) = timeline.shared((model, &own), (other, &flight.version)) else { continue };
            let trace = timeline.trace;
            let (name, graph, other) =
                (trace.buffer_name(buffer), trace.model_name(model), trace.model_name(other));
            let finding = Finding::new(&RULE, call, format!("{graph} may run at the same time as {other}, and both use {name}"))
                .label(flight.call, format!("{other} is executed here, on another stream"))
                .help("execute both on one stream, or let this stream wait for an event recorded after the other execution");
            timeline.report.add(Some(model), finding);
            timeline.clocks.join(lane, flight.place);
        }
    }
}
