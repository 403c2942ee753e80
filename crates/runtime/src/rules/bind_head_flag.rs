//! `aclmdlRIBindStream` with a flag that is neither head nor default.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG263.
pub static RULE: Rule = Rule::error(
    "ACG263",
    "bind-head-flag",
    &[107_000],
    "the flag of a bound stream is neither head nor default",
);

/// The flag at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    let flag = c.int(position).unwrap_or(0);
    if flag == 0 || flag == 0x7fff_ffff {
        return Ok(());
    }
    Err(refuse(&RULE, 107_000, format!("{flag:#x} is no flag of a bound stream"))
        .help("use ACL_MODEL_STREAM_FLAG_HEAD or ACL_MODEL_STREAM_FLAG_DEFAULT"))
}
