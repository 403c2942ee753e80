//! A record of or wait for a notify that is NULL.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};

/// ACG362.
pub static RULE: Rule = Rule::error("ACG362", "null-notify", &[100_000, 107_000], "a notify is NULL");

/// The refusal; count notifies are checked one layer further down.
pub(crate) fn refusal(m: &Machine<'_>, c: &CallView<'_>, counts: bool) -> Refusal {
    let (name, binding) = m.handle(c, 0);
    let by = binding.by.filter(|&call| m.was_refused(call));
    let name = name.map_or("the notify", |name| m.text(name));
    refuse(&RULE, if counts { 107_000 } else { 100_000 }, format!("{name} is NULL"))
        .label_if(by, "this call was to create it and failed")
        .because_of(by)
        .help("check the result of the call that creates the notify")
}
