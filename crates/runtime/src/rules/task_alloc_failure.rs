//! A task finds its hidden stream full and no further one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{Shortage, StreamId};

/// ACG121.
pub static RULE: Rule = Rule::error(
    "ACG121",
    "task-alloc-failure",
    &[207_008, 207_005, 507_000],
    "there is no further hidden stream for a full one",
);

/// The refusal for a full stream without a successor.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId, shortage: Shortage) -> Refusal {
    let (name, depth) = (m.stream_name(stream), m.state.target.usable_depth);
    refuse(
        &RULE,
        shortage.code(),
        format!(
            "{name} has more than {depth} queue entries and there is no further {} for them",
            shortage.noun()
        ),
    )
    .note("The capture is invalid from here on.")
    .help("capture fewer tasks, or destroy graphs that are no longer executed")
}
