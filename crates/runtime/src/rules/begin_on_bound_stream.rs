//! A capture is begun or ended on a stream that the build API bound to a graph.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG005.
pub static RULE: Rule = Rule::error(
    "ACG005",
    "begin-on-bound-stream",
    &[107_005],
    "the stream is bound to a graph of the build API",
);

/// The stream must not be bound.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let Some(model) = m.state.streams[stream].bound_to else { return Ok(()) };
    let (name, model) = (m.stream_name(stream), m.model_name(model));
    Err(refuse(&RULE, 107_005, format!("stream {name} is bound to graph {model}"))
        .help("capture on another stream, or call aclmdlRIUnbindStream first"))
}
