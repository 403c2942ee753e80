//! `aclmdlRICondHandleCreate` for a graph that is not being captured, or of another context.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, ModelStatus};

/// ACG176.
pub static RULE: Rule = Rule::error(
    "ACG176",
    "cond-handle-model",
    &[207_000, 107_000, 107_004],
    "a conditional handle is made for a graph that is not being captured",
)
.since("9.1.0");

/// The graph must be being captured, and valid.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    let graph = &m.state.models[model];
    let name = m.model_name(model);
    if !graph.is_captured() {
        return Err(refuse(
            &RULE,
            207_000,
            format!("{name} was not captured and takes no conditional tasks"),
        ));
    }
    if graph.status != ModelStatus::Capturing {
        let cause = graph.cause.map(|cause| cause.call);
        return Err(refuse(
            &RULE,
            107_000,
            format!("{name} is not being captured, so it takes no further conditional task"),
        )
        .label_if(cause.or(graph.ended_by), "its capture ended or became invalid here")
        .because_of(cause)
        .help("make the handle between begin and end, with the graph that aclmdlRICaptureGetInfo yields"));
    }
    if graph.context != m.state.threads[m.thread].context {
        return Err(refuse(&RULE, 107_004, format!("{name} belongs to another context"))
            .help("set the context in which the capture began"));
    }
    Ok(())
}
