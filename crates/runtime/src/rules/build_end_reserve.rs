//! `aclmdlRIBuildEnd` with a reserved argument that is not NULL.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG256.
pub static RULE: Rule = Rule::error(
    "ACG256",
    "build-end-reserve",
    &[100_000],
    "the reserved argument of a build's end is not NULL",
);

/// The argument at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    if c.is_null(position) || c.int(position) == Some(0) {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, "the reserved argument of aclmdlRIBuildEnd is not NULL").help("pass NULL"))
}
