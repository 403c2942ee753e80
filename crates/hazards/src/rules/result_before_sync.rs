//! Eager work or the host reads what a graph writes before the graph is known to be complete.
//!
//! **Fires** where a call that runs at once reads bytes that an execution issued earlier writes, and neither stream order, nor an
//! event, nor a synchronisation makes the call wait for the execution.
//!
//! **Sound because** `aclmdlRIExecuteAsync` returns before the graph has run; the order is that of the
//! timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use super::overwrite_during_execution::{first_use, remedy};
use crate::timeline::{Flight, Timeline};
use crate::trace::Touch;
use crate::words::bytes;

/// ACG211.
pub static RULE: Rule = Rule::silent(
    "ACG211",
    "result-before-sync",
    "a result of a graph is read before its execution is complete",
);

/// The finding at a call that reads; the condition is that of ACG352.
pub(super) fn finding(
    timeline: &Timeline<'_, '_, '_>,
    call: u32,
    touch: &Touch,
    model: ModelId,
    flight: &Flight,
    lane: u32,
) -> Finding {
    let trace = timeline.trace;
    let (name, graph) = (trace.buffer_name(touch.buffer), trace.model_name(model));
    let range = bytes(&trace.extent(touch), touch.is_exact());
    Finding::new(
        &RULE,
        call,
        format!(
            "{} reads {name}{range}, which {graph} writes and may not have written yet",
            trace.call_name(call)
        ),
    )
    .label(flight.call, format!("{graph} is executed here, asynchronously"))
    .label(
        first_use(timeline, touch, model, flight).unwrap_or(call),
        format!("this captured task uses {name}"),
    )
    .help(remedy(lane, &graph))
}
