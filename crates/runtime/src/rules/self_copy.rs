//! An asynchronous copy whose destination is its source: success, and no task.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;

/// ACG098.
pub static RULE: Rule = Rule::silent("ACG098", "self-copy", "a copy onto itself stores no task");

/// Whether source and destination are the same address.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>, to: usize, from: usize) -> bool {
    let address = c.address(to);
    if address.is_none() || address != c.address(from) {
        return false;
    }
    let name = c.name(to).map_or("the buffer", |name| m.text(name));
    let finding = m
        .finding(&RULE, format!("{name} is copied onto itself, so nothing is copied and no task is stored"))
        .help("drop the copy");
    m.report(finding);
    true
}
