//! A record or wait with the external flag on a stream that captures a branch.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG073.
pub static RULE: Rule =
    Rule::error("ACG073", "extflag-in-subgraph", &[207_000], "the external flag is not allowed in a branch")
        .since("9.2.0-beta.1");

/// The stream must not capture a branch.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let Some((_, model)) = m.state.capture_of(stream) else { return Ok(()) };
    if !m.state.models[model].is_branch() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 207_000, format!("{name} captures a branch, where the external flag is not allowed"))
        .label(m.state.streams[stream].entered_by, "the branch's capture begins here")
        .help("put the record or wait into the root graph"))
}
