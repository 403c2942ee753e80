//! A graph, callback or creation needs a notify and there is none.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{ModelId, Shortage};

/// ACG233.
pub static RULE: Rule = Rule::error("ACG233", "notify-exhausted", &[207_009], "there is no notify left");

/// The refusal for a notify that a graph needs.
pub(crate) fn refusal(m: &Machine<'_>, model: ModelId, shortage: Shortage) -> Refusal {
    let name = m.model_name(model);
    refuse(&RULE, shortage.code(), format!("there is no notify left for {name}"))
        .help("destroy graphs that are no longer executed")
}

/// The refusal for a creation.
pub(crate) fn creation(_: &Machine<'_>, c: &CallView<'_>, shortage: Shortage) -> Refusal {
    refuse(&RULE, shortage.code(), format!("{} finds no notify left", c.api()))
        .help("destroy notifies that are no longer used")
}
