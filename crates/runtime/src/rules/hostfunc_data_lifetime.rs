//! The data of a captured host function is freed before the graph is destroyed.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::BufferId;

/// ACG113.
pub static RULE: Rule = Rule::lint(
    "ACG113",
    "hostfunc-data-lifetime",
    "the data of a captured host function is freed before the graph",
);

/// Looks for a live graph whose host function gets the allocation each time the graph runs.
pub(crate) fn look(m: &mut Machine<'_>, buffer: BufferId) {
    let Some(&(task, model)) = m.state.host_data.get(&buffer) else { return };
    if m.state.models[model].destroyed_by.is_some() {
        return;
    }
    let (name, graph) = (m.buffer_name(buffer), m.model_name(model));
    let finding = m
        .finding(
            &RULE,
            format!("{name} is freed while {graph}, whose host function is given it, can still be executed"),
        )
        .label(task, format!("this captured host function gets {name} at every execution"))
        .help(format!("destroy {graph} before {name} is freed"));
    m.report(finding);
}
