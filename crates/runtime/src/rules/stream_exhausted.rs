//! A stream cannot be created because the driver has none left.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::Shortage;

/// ACG368.
pub static RULE: Rule = Rule::error("ACG368", "stream-exhausted", &[207_008], "there is no stream left");

/// The refusal for an empty pool.
pub(crate) fn refusal(_: &Machine<'_>, c: &CallView<'_>, shortage: Shortage) -> Refusal {
    refuse(&RULE, shortage.code(), format!("{} finds no stream left", c.api()))
        .help("destroy streams and graphs that are no longer used")
}
