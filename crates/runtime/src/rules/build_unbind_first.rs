//! A graph of the build API, or a stream that is bound to it, is destroyed before the two are unbound.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;
use crate::state::{ModelId, StreamId};

/// ACG261.
pub static RULE: Rule = Rule::lint(
    "ACG261",
    "build-unbind-first",
    "a graph or a stream is destroyed while one is bound to the other",
);

/// Looks for a stream that is bound to the graph.
pub(crate) fn graph(m: &mut Machine<'_>, model: ModelId) {
    let Some(&stream) = m.state.models[model].bound.first() else { return };
    let found = finding(m, &m.model_name(model), model, stream);
    m.report(found);
}

/// Looks for a live graph that the stream is bound to.
pub(crate) fn stream(m: &mut Machine<'_>, stream: StreamId) {
    let bound = m.state.streams[stream].bound_to;
    let Some(model) = bound.filter(|&model| m.state.models[model].destroyed_by.is_none()) else { return };
    let found = finding(m, m.stream_name(stream), model, stream);
    m.report(found);
}

fn finding(m: &Machine<'_>, destroyed: &str, model: ModelId, stream: StreamId) -> Finding {
    let (name, graph) = (m.stream_name(stream), m.model_name(model));
    m.finding(&RULE, format!("{destroyed} is destroyed while {name} is bound to {graph}"))
        .label(m.state.models[model].made_by, format!("{graph} is made here"))
        .note("Each keeps a reference to the other.")
        .help(format!("call aclmdlRIUnbindStream({graph}, {name}) first"))
}
