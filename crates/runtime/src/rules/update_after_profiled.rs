//! Changed parameters are committed while profiling is on and the graph has already run.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::ModelId;

/// ACG172.
pub static RULE: Rule = Rule::lint(
    "ACG172",
    "update-after-profiled",
    "parameters of a graph are changed after its first execution while profiling is on",
)
.since("9.1.0");

/// Looks for an earlier execution.
pub(crate) fn look(m: &mut Machine<'_>, model: ModelId) {
    let (Some(profiled), Some(executed)) = (m.profiled_by, m.state.models[model].executed_by) else { return };
    let name = m.model_name(model);
    let finding = m
        .finding(&RULE, format!("{name} is updated after it was executed, while profiling is on"))
        .label(profiled, "profiling is started here")
        .label(executed, "the first execution")
        .note("With profiling on, parameters are to be changed before the first execution.")
        .help("stop profiling before the update, or update before the first execution");
    m.report(finding);
}
