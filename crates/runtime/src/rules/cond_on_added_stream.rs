//! `aclmdlRIAddCondTask` on a stream that `rtStreamAddToModel` attached.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, StreamId};

/// ACG185.
pub static RULE: Rule = Rule::error(
    "ACG185",
    "cond-on-added-stream",
    &[207_000],
    "a conditional task is added to a stream that was attached below the ACL layer",
)
.since("9.1.0");

/// The stream must not be attached.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, model: ModelId) -> Verdict {
    if !m.state.models[model].added.contains(&stream) {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 207_000, format!("{name} was attached to the graph and takes no conditional task"))
        .help("add it to a stream of the capture"))
}
