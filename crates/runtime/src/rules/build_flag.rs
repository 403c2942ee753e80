//! `aclmdlRIBuildBegin` with a flag other than 0.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG250.
pub static RULE: Rule =
    Rule::error("ACG250", "build-flag", &[107_000], "the reserved flag of a build is not 0");

/// The flag at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    match c.int(position) {
        None | Some(0) => Ok(()),
        Some(flag) => {
            Err(refuse(&RULE, 107_000, format!("the flag of a build is {flag}, not 0")).help("pass 0"))
        }
    }
}
