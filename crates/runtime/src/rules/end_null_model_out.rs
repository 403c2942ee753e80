//! The capture of a root graph is ended with NULL for the graph variable.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG010.
pub static RULE: Rule = Rule::error(
    "ACG010",
    "end-null-model-out",
    &[107_000],
    "a root capture is ended without a variable for the graph",
);

/// Only the end of a branch may do without the variable.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let is_root = m.state.capture_of(stream).is_some_and(|(_, model)| !m.state.models[model].is_branch());
    if !is_root || !c.is_null(1) {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_000, format!("the capture on {name} is ended without a variable for the graph"))
        .note("The capture goes on.")
        .help("pass the address of an aclmdlRI"))
}
