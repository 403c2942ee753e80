//! A conditional call on a machine without software task queues or the firmware for it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG175.
pub static RULE: Rule =
    Rule::error("ACG175", "cond-unsupported", &[207_000], "the machine has no conditional tasks")
        .since("9.1.0");

/// The machine must have conditional tasks.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    if m.state.target.has_conditionals {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "this machine has no conditional tasks")
        .note("They need CANN 9.1, software task queues and firmware that knows them.")
        .help("capture the branches as graphs of their own and choose on the host"))
}
