//! The end of a branch's capture failed; the parent's end succeeds all the same.

use acg_diagnostics::{Code, Rule};

use crate::machine::Machine;
use crate::state::ModelId;

/// ACG190.
pub static RULE: Rule = Rule::silent(
    "ACG190",
    "subcapture-failed-hidden",
    "a branch whose capture failed still counts as captured",
)
.since("9.1.0");

/// Looks for branches that failed, when their parent has ended well.
pub(crate) fn look(m: &mut Machine<'_>, model: ModelId) {
    let mut failed = Vec::new();
    for &cond in &m.state.models[model].conds {
        for &branch in &m.state.conds[cond].branches {
            let end = m.state.models[branch].ended_by;
            if let Some((end, code)) = end.and_then(|end| Some((end, m.code_of(end)?))) {
                failed.push((branch, end, code));
            }
        }
    }
    for (branch, end, code) in failed {
        let name = m.model_name(branch);
        let code = Code::describe(code);
        let finding = m
            .finding(
                &RULE,
                format!("the branch {name} was captured only in part: its own end failed with {code}"),
            )
            .label(end, format!("the end of {name} fails, and {name} counts as captured all the same"))
            .note("The graph ends well and executes whatever tasks the branch had when it failed.")
            .help("check the result of every branch's end, and give the whole graph up where one fails");
        m.report(finding);
    }
}
