//! Update begin with a group that another stream is updating.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::GroupId;

/// ACG153.
pub static RULE: Rule =
    Rule::error("ACG153", "update-handle-busy", &[107_033], "two streams update one task group at once");

/// No other stream may be updating the group.
pub(crate) fn check(m: &Machine<'_>, group: GroupId) -> Verdict {
    let Some(other) = m.state.groups[group].updated_on else { return Ok(()) };
    let other = m.stream_name(other);
    Err(refuse(&RULE, 107_033, format!("{other} is already updating this task group"))
        .help(format!("call aclmdlRICaptureTaskUpdateEnd({other}) first")))
}
