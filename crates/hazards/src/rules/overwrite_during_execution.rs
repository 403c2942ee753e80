//! Eager work or the host writes memory that a graph uses while the graph may run.
//!
//! **Fires** where a call that runs at once writes bytes that an execution issued earlier reads or writes, and neither stream order, nor
//! an event, nor a synchronisation makes the call wait for the execution. A call that only reads is
//! ACG211.
//!
//! **Sound because** the order is that of the timeline, which assumes too much order rather than too little, and an
//! execution that may be held up by a signal is left alone.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use super::result_before_sync;
use crate::timeline::{Flight, HOST, Timeline};
use crate::trace::Touch;
use crate::words::bytes;

/// ACG352.
pub static RULE: Rule = Rule::silent(
    "ACG352",
    "overwrite-during-execution",
    "memory that a graph uses is written while the graph may still run",
);

/// Looks for executions of `model` that a conflicting touch does not come after.
pub(crate) fn at_touch(
    timeline: &mut Timeline<'_, '_, '_>,
    call: u32,
    touch: &Touch,
    model: ModelId,
    lane: u32,
) {
    for flight in timeline.aloft.open(model, &timeline.clocks, lane) {
        if timeline.clocks.has_seen(lane, flight.place) {
            continue;
        }
        // What the call touches conflicts with some version of the graph, which need not be this one.
        let (uses, version) = (timeline.uses, &flight.version);
        if !version.is_empty() && !uses.conflict_with(model, version, touch, touch.writes()) {
            continue;
        }
        let rule = if touch.writes() { &RULE } else { &result_before_sync::RULE };
        if timeline.report.wants(rule, Some(model)) {
            let make = if touch.writes() { finding } else { result_before_sync::finding };
            let finding = make(timeline, call, touch, model, &flight, lane);
            timeline.report.push(finding);
        }
        timeline.clocks.join(lane, flight.place);
    }
}

fn finding(
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
        format!("{} writes {name}{range} while {graph}, which uses it, may still run", trace.call_name(call)),
    )
    .label(flight.call, format!("{graph} is executed here, asynchronously"))
    .label(
        first_use(timeline, touch, model, flight).unwrap_or(call),
        format!("this captured task uses {name}"),
    )
    .help(remedy(lane, &graph))
}

/// The first captured task that uses the memory.
pub(super) fn first_use(
    timeline: &Timeline<'_, '_, '_>,
    touch: &Touch,
    model: ModelId,
    flight: &Flight,
) -> Option<u32> {
    timeline.uses.first_use(model, &flight.version, touch.buffer)
}

/// What makes work on `lane` wait for an execution.
pub(super) fn remedy(lane: u32, graph: &str) -> String {
    if lane == HOST {
        format!("synchronize the stream that executes {graph} before this call")
    } else {
        format!(
            "issue this call on the stream that executes {graph}, or let its stream wait for an event recorded there after the execution"
        )
    }
}
