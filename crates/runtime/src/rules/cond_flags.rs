//! `aclmdlRIAddCondTask` with flags other than 0.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG181.
pub static RULE: Rule =
    Rule::error("ACG181", "cond-flags", &[107_000], "the reserved flags of a conditional task are not 0")
        .since("9.1.0");

/// The flags at `position`.
pub(crate) fn check(c: &CallView<'_>, position: usize) -> Verdict {
    match c.int(position) {
        None | Some(0) => Ok(()),
        Some(flags) => {
            Err(refuse(&RULE, 107_000, format!("the flags of a conditional task are {flags}, not 0"))
                .help("pass 0"))
        }
    }
}
