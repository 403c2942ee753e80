//! A graph is executed on a stream that is being captured; a graph cannot be captured into a graph.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, StreamId};

/// ACG202.
pub static RULE: Rule = Rule::error(
    "ACG202",
    "execute-on-capturing-stream",
    &[107_027],
    "a graph is executed on a stream that is being captured",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, model: ModelId, stream: StreamId) -> Verdict {
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let (name, stream_name) = (m.model_name(model), m.stream_name(stream));
    Err(refuse(
        &RULE,
        107_027,
        format!("{name} cannot be executed on {stream_name}, which is being captured"),
    )
    .label(m.state.streams[stream].entered_by, format!("{stream_name} entered the capture here"))
    .help("execute on an eager stream"))
}
