//! A record or wait with the external flag on a machine without software task queues.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG077.
pub static RULE: Rule = Rule::error(
    "ACG077",
    "extflag-unsupported",
    &[207_000],
    "the machine cannot do external records and waits",
)
.since("9.2.0-beta.1");

/// The machine must keep task queues in memory.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    if m.state.target.has_external_flags {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "this machine cannot record or wait with the external flag")
        .note("It needs software task queues: newer firmware and driver on A2, A3 or 950.")
        .help("use an event of flag ACL_EVENT_EXTERNAL from aclrtCreateEventWithFlag"))
}
