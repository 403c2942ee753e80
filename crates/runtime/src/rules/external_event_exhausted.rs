//! An event that owns a hardware event from the start cannot be created because there is none left.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Refusal, refuse};
use crate::state::Shortage;

/// ACG235.
pub static RULE: Rule = Rule::error(
    "ACG235",
    "external-event-exhausted",
    &[207_007],
    "there is no hardware event left for a new event",
);

/// The refusal for an empty pool.
pub(crate) fn refusal(c: &CallView<'_>, shortage: Shortage) -> Refusal {
    refuse(&RULE, shortage.code(), format!("{} finds no hardware event left", c.api()))
        .help("destroy events that are no longer used")
}
