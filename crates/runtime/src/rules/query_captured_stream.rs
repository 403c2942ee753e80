//! `aclrtStreamQuery` on a stream that is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG081.
pub static RULE: Rule = Rule::error(
    "ACG081",
    "query-captured-stream",
    &[107_027],
    "a stream is queried while it is being captured",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("stream {name} cannot be queried while it is being captured"))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .help("query the stream that executes the graph, after the execution"))
}
