//! Memory that a captured task uses is freed while its graph lives.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::BufferId;

/// ACG095.
pub static RULE: Rule = Rule::lint(
    "ACG095",
    "memory-freed-early",
    "memory that a graph uses is freed before the graph is destroyed",
);

/// Looks for a live graph that uses the memory.
pub(crate) fn look(m: &mut Machine<'_>, buffer: BufferId) {
    let Some((task, model)) = m.state.buffers[buffer].user else { return };
    if m.state.models[model].destroyed_by.is_some() {
        return;
    }
    let (name, model) = (m.buffer_name(buffer), m.model_name(model));
    let finding = m
        .finding(&RULE, format!("{name} is freed while graph {model}, which uses it, can still be executed"))
        .label(task, format!("this captured task uses {name}"))
        .help(format!("destroy {model} before freeing {name}"));
    m.report(finding);
}
