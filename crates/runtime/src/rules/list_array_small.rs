//! `aclmdlRIGetStreams` or `aclmdlRIGetTasksByStream` with too small an array.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG171.
pub static RULE: Rule = Rule::error(
    "ACG171",
    "list-array-small",
    &[107_039],
    "the array for a list of streams or tasks is too small",
)
.since("9.1.0");

/// The array must hold them all.
pub(crate) fn check(m: &Machine<'_>, model: ModelId, count: u32, room: u32) -> Verdict {
    if count <= room {
        return Ok(());
    }
    let name = m.model_name(model);
    Err(refuse(&RULE, 107_039, format!("{name} has {count} streams and the array holds {room}"))
        .help("call once with NULL to learn the number"))
}
