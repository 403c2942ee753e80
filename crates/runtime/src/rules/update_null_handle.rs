//! Update begin with NULL for the group.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::GroupId;

/// ACG154.
pub static RULE: Rule =
    Rule::error("ACG154", "update-null-handle", &[100_000], "an update begins without a task group");

/// The group at `position`.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict<GroupId> {
    m.group(c, position)?.ok_or_else(|| {
        let (name, binding) = m.handle(c, position);
        let by = binding.by.filter(|&call| m.was_refused(call));
        let name = name.map_or("NULL", |name| m.text(name));
        refuse(&RULE, 100_000, format!("{name} is no task group"))
            .label_if(by, "this call was to yield it and failed")
            .because_of(by)
            .help("pass the handle that aclmdlRICaptureTaskGrpEnd yielded")
    })
}
