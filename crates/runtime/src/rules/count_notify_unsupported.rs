//! `aclrtCntNotifyCreate` on a chip without count notifies.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG366.
pub static RULE: Rule =
    Rule::error("ACG366", "count-notify-unsupported", &[207_000], "the chip has no count notifies")
        .on(&["910b", "910c", "310p"]);

/// The chip must have count notifies.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    if m.state.target.is_david {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "this chip has no count notifies").help("use notifies, or events"))
}
