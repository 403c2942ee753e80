//! `aclmdlRICondHandleCreate` with an unknown flag.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG177.
pub static RULE: Rule = Rule::error(
    "ACG177",
    "cond-handle-flag",
    &[107_000],
    "the flag of a conditional handle is neither 0 nor 1",
)
.since("9.1.0");

/// The flag at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    let flag = c.int(position).unwrap_or(0);
    if (0..=1).contains(&flag) {
        return Ok(());
    }
    Err(refuse(&RULE, 107_000, format!("{flag} is no flag of a conditional handle"))
        .help("use 0 or ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT"))
}
