//! `aclmdlRIExecute` with a time limit that is 0 or below -1.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG208.
pub static RULE: Rule = Rule::error(
    "ACG208",
    "execute-sync-timeout",
    &[107_000],
    "the time limit of a synchronous execution is 0 or below -1",
);

/// The limit at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    let limit = c.int(position).unwrap_or(-1);
    if limit > 0 || limit == -1 {
        return Ok(());
    }
    Err(refuse(&RULE, 107_000, format!("{limit} is no time limit"))
        .help("pass milliseconds, or -1 to wait forever"))
}
