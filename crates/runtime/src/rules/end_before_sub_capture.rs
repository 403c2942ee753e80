//! A graph is ended while a branch of one of its conditional tasks has not been captured to the end.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{ModelId, ModelKind, ModelStatus};

/// ACG015.
pub static RULE: Rule = Rule::error(
    "ACG015",
    "end-before-sub-capture",
    &[107_045],
    "a graph is ended while a branch of it was never or not yet completely captured",
);

/// Every branch below the graph must be captured to its end, those of branches included.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    let mut pending = vec![model];
    while let Some(model) = pending.pop() {
        for &cond in &m.state.models[model].conds {
            let branches = &m.state.conds[cond].branches;
            if let Some(&open) =
                branches.iter().find(|&&branch| m.state.models[branch].status != ModelStatus::Ready)
            {
                return Err(refusal(m, open));
            }
            pending.extend_from_slice(branches);
        }
    }
    Ok(())
}

fn refusal(m: &Machine<'_>, branch: ModelId) -> Refusal {
    let name = m.model_name(branch);
    let added = match m.state.models[branch].kind {
        ModelKind::Branch(cond) => m.state.conds[cond].used_by,
        _ => None,
    };
    let open = m.state.models[branch].is_capturing();
    let state = if open { "is still being captured" } else { "was never captured" };
    let origin = m.origin_of(branch).filter(|_| open);
    refuse(&RULE, 107_045, format!("branch {name} of the conditional task {state}"))
        .label_if(added, "the conditional task is added here")
        .label_if(origin.map(|origin| m.state.streams[origin].entered_by), "the branch's capture begins here")
        .help(format!(
            "capture {name} with aclmdlRICaptureToModelRIBegin and end it before ending the parent"
        ))
}
