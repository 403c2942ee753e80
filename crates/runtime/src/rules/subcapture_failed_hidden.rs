//! The end of a branch's capture failed; the parent's end succeeds all the same.

use acg_diagnostics::Rule;

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
            if let Some(end) = m.state.models[branch].ended_by.filter(|&end| m.was_refused(end)) {
                failed.push((branch, end));
            }
        }
    }
    for (branch, end) in failed {
        let name = m.model_name(branch);
        let root = m.root_of(end);
        let finding = m
            .finding(
                &RULE,
                format!("the capture of branch {name} failed, and the graph is ended as if it had not"),
            )
            .label(end, format!("{name} failed here"))
            .note("The branch holds whatever tasks it had; executing it does part of the work.")
            .because_of(root)
            .help("check the result of every branch's end");
        m.report(finding);
    }
}
