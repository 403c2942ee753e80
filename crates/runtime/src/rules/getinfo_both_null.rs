//! `aclmdlRICaptureGetInfo` with NULL for both results.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG018.
pub static RULE: Rule =
    Rule::error("ACG018", "getinfo-both-null", &[100_000], "neither status nor graph is asked for");

/// One of the two results must be asked for.
pub(crate) fn check(_: &Machine<'_>, c: &CallView<'_>) -> Verdict {
    if !(c.is_null(1) && c.is_null(2)) {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, "both results of aclmdlRICaptureGetInfo are NULL")
        .help("pass a variable for the status, the graph, or both"))
}
