//! Work is put on a bound stream after the graph was built.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::StreamId;

/// ACG257.
pub static RULE: Rule =
    Rule::silent("ACG257", "task-after-build-end", "work is put on a bound stream after its graph was built");

/// Looks for a stream whose graph is complete.
pub(crate) fn look(m: &mut Machine<'_>, stream: StreamId) {
    let Some(model) = m.state.streams[stream].bound_to else { return };
    let Some(built) = m.state.models[model].built_by else { return };
    let (name, graph) = (m.stream_name(stream), m.model_name(model));
    let finding = m
        .finding(&RULE, format!("{graph} was already built when this is put on {name}"))
        .label(built, "the graph is complete here")
        .note("No document says what becomes of it.")
        .help(format!("put it on {name} before aclmdlRIEndTask, or unbind {name} first"));
    m.report(finding);
}
