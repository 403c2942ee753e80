//! Update begin or end on a stream that the build API bound.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG151.
pub static RULE: Rule = Rule::error(
    "ACG151",
    "update-on-bound-stream",
    &[107_005],
    "a task group is updated on a stream of a build-API graph",
);

/// The stream must not be bound.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].bound_to.is_none() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_005, format!("{name} is bound to a graph and cannot update a task group"))
        .help("update on a stream of its own"))
}
