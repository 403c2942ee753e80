//! `aclmdlRICaptureTaskGrpEnd` with NULL for the handle.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG137.
pub static RULE: Rule = Rule::error(
    "ACG137",
    "group-null-handle-out",
    &[100_000],
    "a task group is closed without a variable for its handle",
);

/// There must be a variable.
pub(crate) fn check(_: &Machine<'_>, c: &CallView<'_>) -> Verdict {
    if !c.is_null(1) {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, "a task group is closed without a variable for its handle")
        .help("pass the address of an aclrtTaskGrp"))
}
