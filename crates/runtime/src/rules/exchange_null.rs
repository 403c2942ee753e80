//! `aclmdlRICaptureThreadExchangeMode(NULL)`.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG019.
pub static RULE: Rule = Rule::error("ACG019", "exchange-null", &[100_000], "the exchange mode is NULL");

/// There must be a mode.
pub(crate) fn check(_: &Machine<'_>, c: &CallView<'_>) -> Verdict {
    if !c.is_null(0) {
        return Ok(());
    }
    Err(refuse(&RULE, 100_000, "the mode to exchange is NULL")
        .help("pass the address of a variable that holds the new mode"))
}
