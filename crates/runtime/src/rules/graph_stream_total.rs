//! A graph with its branches needs more hidden streams than one execution can bind.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG231.
pub static RULE: Rule = Rule::error(
    "ACG231",
    "graph-stream-total",
    &[207_005],
    "a graph needs more hidden streams than one execution can use",
);

/// The graph's streams must fit one execution.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    if !m.state.target.has_software_queue || m.state.models[model].executed_by.is_some() {
        return Ok(());
    }
    let (count, most) = (m.inner_streams(model), m.state.target.streams_per_execution);
    if count <= u64::from(most) {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 207_005, format!("{name} needs {count} hidden streams, one execution can use {most}"))
        .note("Every captured stream takes one, a full one a further one, and branches count too.")
        .help("use fewer streams, or split the graph"))
}
