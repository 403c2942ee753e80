//! `aclmdlRIAddCondTask` with a handle that was made for another graph than the stream is captured into.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{CondId, ModelId};

/// ACG184.
pub static RULE: Rule = Rule::error(
    "ACG184",
    "cond-handle-other-graph",
    &[107_000],
    "a conditional handle belongs to another graph",
)
.since("9.1.0");

/// Handle and stream must belong to the same graph.
pub(crate) fn check(m: &Machine<'_>, cond: CondId, model: ModelId) -> Verdict {
    if m.state.conds[cond].model == model {
        return Ok(());
    }
    let name = m.cond_name(cond);
    Err(refuse(&RULE, 107_000, format!("{name} was made for another graph than the stream is captured into"))
        .label(m.state.conds[cond].made_by, "made here")
        .help("make the handle with the graph that aclmdlRICaptureGetInfo yields for this stream"))
}
