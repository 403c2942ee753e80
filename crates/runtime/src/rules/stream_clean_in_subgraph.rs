//! The tasks of a stream that is captured into a branch are cleaned away.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG123.
pub static RULE: Rule = Rule::error(
    "ACG123",
    "stream-clean-in-subgraph",
    &[207_000],
    "the tasks of a stream are cleaned while it is captured into a branch",
)
.since("9.1.0");

/// The stream must not be captured into a branch.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let branch = m.state.capture_of(stream).map(|(_, model)| model);
    let Some(branch) = branch.filter(|&model| m.state.models[model].is_branch()) else { return Ok(()) };
    let (name, graph) = (m.stream_name(stream), m.model_name(branch));
    Err(refuse(&RULE, 207_000, format!("{name} cannot be cleaned, it is captured into the branch {graph}"))
        .label(m.state.streams[stream].entered_by, format!("{name} enters the capture here"))
        .help("leave tasks out when the branch is captured, not afterwards"))
}
