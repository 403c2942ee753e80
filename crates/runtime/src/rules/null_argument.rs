//! An argument that a call needs is NULL.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};

/// ACG360.
pub static RULE: Rule =
    Rule::error("ACG360", "null-argument", &[100_000], "an argument that must be there is NULL");

/// The refusal for the argument at `position`.
pub(crate) fn refusal(m: &Machine<'_>, c: &CallView<'_>, position: usize) -> Refusal {
    let param = c.api().params().get(position).map_or("argument", |param| param.name);
    let name = c.address(position).map(|address| address.base);
    let by = name.and_then(|name| m.names.find(name).by).filter(|&call| m.was_refused(call));
    refuse(&RULE, 100_000, format!("{} needs its {param}, which is NULL", c.api()))
        .label_if(by, "this call was to define it and failed")
        .because_of(by)
}

/// The addresses at `positions` must not be NULL.
pub(crate) fn addresses(m: &Machine<'_>, c: &CallView<'_>, positions: &[usize]) -> Verdict {
    match positions.iter().find(|&&position| m.is_null_address(c, position)) {
        Some(&position) => Err(refusal(m, c, position)),
        None => Ok(()),
    }
}
