//! An event is used a second time with the external flag in one graph.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, ModelId};

/// ACG075.
pub static RULE: Rule = Rule::error(
    "ACG075",
    "extflag-twice-in-graph",
    &[107_000],
    "an event is used twice with the external flag in one graph",
)
.since("9.2.0-beta.1");

/// The event must not have been used with the external flag in this graph.
pub(crate) fn check(m: &Machine<'_>, event: EventId, model: ModelId) -> Verdict {
    let graph = &m.state.models[model];
    let used = graph.flagged.iter().find(|used| used.0 == event);
    let Some(&(_, by)) = used else { return Ok(()) };
    let name = m.event_name(event);
    Err(refuse(&RULE, 107_000, format!("{name} is already used with the external flag in this graph"))
        .label(by, "its first use")
        .help("use one event per external record or wait"))
}
