//! A graph is destroyed while an execution of it may still run.
//!
//! **Fires** at `aclmdlRIDestroy` if an execution issued earlier is not known to be complete on the host.
//!
//! **Sound because** the call polls for ten seconds and then gives up with 107037 (capture-rules, section 9, ACG213); the order
//! is that of the timeline. An execution held up by an event that nobody has recorded is running for certain.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::timeline::{HOST, Timeline};

/// ACG213.
pub static RULE: Rule = Rule::lint(
    "ACG213",
    "destroy-running-model",
    "a graph is destroyed before its last execution is known to be complete",
);

/// Looks for executions that the host has not waited for.
pub(crate) fn at_destroy(timeline: &mut Timeline<'_, '_, '_>, call: u32, model: ModelId) {
    let open = |place| !timeline.clocks.has_seen(HOST, place);
    let running = timeline.aloft.of(model).filter(|flight| !flight.is_lost && open(flight.place));
    let Some(flight) = running.last() else { return };
    let graph = timeline.trace.model_name(model);
    let finding = Finding::new(&RULE, call, format!("{graph} is destroyed while it may still run"))
        .label(flight.call, "nothing waits for this execution")
        .note("The call waits ten seconds at most, then it returns 107037 and the graph stays.")
        .help(format!("synchronize the stream that executes {graph} first"));
    timeline.report.add(Some(model), finding);
}
