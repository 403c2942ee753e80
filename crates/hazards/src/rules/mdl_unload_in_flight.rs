//! An offline model is unloaded while an execution of it may still run.
//!
//! **Fires** at `aclmdlUnload` if the host has not waited for an execution that was issued before.
//!
//! **Sound because** an execution uses the model's weights and workspace until it is complete (capture-rules, section 14.2, ACG326); the
//! order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::timeline::{HOST, Timeline};
use crate::units::UnitId;

/// ACG326.
pub static RULE: Rule = Rule::silent(
    "ACG326",
    "mdl-unload-in-flight",
    "an offline model is unloaded before its last execution is known to be complete",
);

/// Looks for executions that the host has not seen complete.
pub(crate) fn at_unload(timeline: &mut Timeline<'_, '_, '_>, call: u32, unit: UnitId) {
    let open = timeline.runs_open_for(unit, HOST);
    let Some(flight) = open.first() else { return };
    let trace = timeline.trace;
    let model = trace.units.words(unit, trace.log);
    let finding = Finding::new(&RULE, call, format!("{model} is unloaded while it may still run"))
        .label(flight.call, "nothing waits for this execution")
        .help("synchronize the stream of the execution first");
    timeline.report.add(None, finding);
    for flight in open {
        timeline.mend(HOST, flight.place);
    }
}
