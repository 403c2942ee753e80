//! `aclrtSynchronizeStream` on a stream that is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG080.
pub static RULE: Rule = Rule::error(
    "ACG080",
    "sync-captured-stream",
    &[107_027],
    "a stream is synchronized while it is being captured",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("stream {name} cannot be synchronized while it is being captured"))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .note("The capture goes on; its tasks run only when the graph is executed.")
        .help("synchronize the stream that executes the graph, after the execution"))
}
