//! One offline model is executed on two streams at once.
//!
//! **Fires** at an execution if an earlier one of the same model on another stream is not known to be complete. A lock makes no difference: it
//! orders the calls and not what they put on streams.
//!
//! **Sound because** the documents rule it out for one model id (capture-rules, section 14.2, ACG321); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::timeline::Timeline;
use crate::units::UnitId;

/// ACG321.
pub static RULE: Rule = Rule::silent(
    "ACG321",
    "mdl-same-id-multi-stream",
    "executions of one offline model on two streams overlap",
);

/// Looks for executions that this one does not come after.
pub(crate) fn at_run(timeline: &mut Timeline<'_, '_, '_>, call: u32, unit: UnitId, lane: u32) {
    let open = timeline.runs_open_for(unit, lane);
    let Some(flight) = open.first() else { return };
    let trace = timeline.trace;
    let model = trace.units.words(unit, trace.log);
    let finding = Finding::new(&RULE, call, format!("{model} is executed again while its execution on another stream may still run"))
        .label(flight.call, "the other execution")
        .note("One model id cannot be executed on several streams at once; its executions share its memory.")
        .help("use the same stream, or let this stream wait for an event recorded after the other execution, or load the model a second time");
    timeline.report.add(None, finding);
    for flight in open {
        timeline.mend(lane, flight.place);
    }
}
