//! The flag of a record or wait is neither 0 nor 1, or an external wait has a timeout.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG076.
pub static RULE: Rule = Rule::error(
    "ACG076",
    "extflag-bad-args",
    &[100_000],
    "the flag of a record or wait is neither default nor external",
)
.since("9.2.0-beta.1");

/// The flag at `position`.
pub(crate) fn flag(_: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict<u32> {
    match c.int(position) {
        Some(0) => Ok(0),
        Some(1) => Ok(1),
        other => {
            Err(refuse(&RULE, 100_000, format!("{} takes flag 0 or 1, not {}", c.api(), other.unwrap_or(-1)))
                .help("use 0 for a plain record or wait, 1 for an external one"))
        }
    }
}

/// An external wait takes no timeout.
pub(crate) fn timeout(_: &Machine<'_>, c: &CallView<'_>, flag: u32) -> Verdict {
    if flag == 0 || c.int(2).unwrap_or(0) == 0 {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, "an external wait takes no timeout").help("pass 0"))
}
