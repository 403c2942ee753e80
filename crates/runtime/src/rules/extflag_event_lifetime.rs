//! An event that a graph uses with the external flag is destroyed before the graph, which keeps a bare pointer to it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, ModelId};

/// ACG078.
pub static RULE: Rule = Rule::lint(
    "ACG078",
    "extflag-event-lifetime",
    "an event that a graph uses with the external flag is destroyed before the graph",
)
.since("9.2.0-beta.1");

/// Looks for a live graph whose task at call `task` uses the event, and tells whether it does so with the external flag.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, task: u32, model: ModelId) -> bool {
    if !m.state.models[model].flagged.iter().any(|flagged| flagged.0 == event) {
        return false;
    }
    let (name, graph) = (m.event_name(event), m.model_name(model));
    let finding = m
        .finding(
            &RULE,
            format!("{name} is destroyed while {graph}, which keeps a pointer to it, can still be executed"),
        )
        .label(task, format!("this captured task uses {name} with the external flag"))
        .note("The next execution reads the event's memory on the host, whatever is there by then.")
        .help(format!("destroy {graph} before {name}"));
    m.report(finding);
    true
}
