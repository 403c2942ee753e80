//! `aclrtActiveStream` or `aclrtSwitchStream` on a stream that is not bound by the build API.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG111.
pub static RULE: Rule = Rule::error(
    "ACG111",
    "stream-switch-in-capture",
    &[107_005],
    "a stream is activated or switched that no build-API graph owns",
);

/// The stream must be bound by the build API.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].bound_to.is_some() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(
        &RULE,
        107_005,
        format!("{name} is not bound to a graph, so it cannot activate or switch streams"),
    )
    .help("use conditional tasks in captured graphs"))
}
