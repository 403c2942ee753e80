//! Execute, destroy, abort or list a branch.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, ModelKind};

/// ACG191.
pub static RULE: Rule = Rule::error(
    "ACG191",
    "submodel-forbidden-call",
    &[207_000],
    "a call that only root graphs take is made on a branch",
)
.since("9.1.0");

/// The graph must be a root.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, model: ModelId) -> Verdict {
    let ModelKind::Branch(cond) = m.state.models[model].kind else { return Ok(()) };
    let name = m.model_name(model);
    let parent = m.model_name(m.state.conds[cond].model);
    Err(refuse(&RULE, 207_000, format!("{} does not take {name}, which is a branch of {parent}", c.api()))
        .label_if(m.state.conds[cond].used_by, "the branch is made here")
        .help("call it on the root graph; branches live and die with it"))
}
