//! A call uses a stream of a context that is not the thread's current one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG004.
pub static RULE: Rule = Rule::error(
    "ACG004",
    "begin-foreign-context",
    &[107_003],
    "the stream belongs to another context than the thread's current one",
);

/// The stream must belong to the thread's current context.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].context == m.state.threads[m.thread].context {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_003, format!("stream {name} belongs to another context than the current one"))
        .label(m.state.streams[stream].made_by, "created while another context was current")
        .help("call aclrtSetCurrentContext with the stream's context first"))
}
