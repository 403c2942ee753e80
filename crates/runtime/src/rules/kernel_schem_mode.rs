//! A kernel is launched with a schedule mode that there is not.

use acg_calls::Kernel as LoggedKernel;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG364.
pub static RULE: Rule = Rule::error(
    "ACG364",
    "kernel-schem-mode",
    &[107_000],
    "the schedule mode of a kernel is neither normal nor batch",
);

/// The mode must be normal or batch.
pub(crate) fn check(kernel: &LoggedKernel) -> Verdict {
    match kernel.schem {
        None | Some(0 | 1) => Ok(()),
        Some(mode) => Err(refuse(&RULE, 107_000, format!("{mode} is no schedule mode"))
            .help("use 0 for normal or 1 for batch")),
    }
}
