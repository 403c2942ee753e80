//! A graph is ended while a branch of one of its conditional tasks has not been captured to the end.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{CondId, ModelId, ModelStatus};

/// ACG015.
pub static RULE: Rule = Rule::error(
    "ACG015",
    "end-before-sub-capture",
    &[107_045],
    "a graph is ended while a branch of it was never or not yet completely captured",
);

/// Every branch must be captured to its end.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    for &cond in &m.state.models[model].conds {
        for &branch in &m.state.conds[cond].branches {
            if m.state.models[branch].status != ModelStatus::Ready {
                return Err(refusal(m, cond, branch));
            }
        }
    }
    Ok(())
}

fn refusal(m: &Machine<'_>, cond: CondId, branch: ModelId) -> Refusal {
    let name = m.model_name(branch);
    let open = m.state.models[branch].is_capturing();
    let state = if open { "is still being captured" } else { "was never captured" };
    let origin = m.origin_of(branch).filter(|_| open);
    refuse(&RULE, 107_045, format!("branch {name} of the conditional task {state}"))
        .label_if(m.state.conds[cond].used_by, "the conditional task is added here")
        .label_if(origin.map(|origin| m.state.streams[origin].entered_by), "the branch's capture begins here")
        .help(format!(
            "capture {name} with aclmdlRICaptureToModelRIBegin and end it before ending the parent"
        ))
}
