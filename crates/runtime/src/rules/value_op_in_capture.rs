//! `aclrtValueWrite` or `aclrtValueWait` on a chip without them.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG115.
pub static RULE: Rule = Rule::error(
    "ACG115",
    "value-op-in-capture",
    &[207_000],
    "the chip cannot write or wait for values in memory",
);

/// The chip must have tasks that wait for memory.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    if m.state.target.memory_wait_entries.is_some() {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "this chip cannot write or wait for values in memory")
        .help("order the streams with events"))
}
