//! A capture cannot begin because the driver has no graph or stream left.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{Shortage, StreamId};

/// ACG009.
pub static RULE: Rule = Rule::error(
    "ACG009",
    "begin-no-resource",
    &[207_010, 207_008],
    "there is no graph or hidden stream left for a capture",
);

/// The refusal for an empty pool.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId, shortage: Shortage) -> Refusal {
    let (name, what) = (m.stream_name(stream), shortage.noun());
    refuse(&RULE, shortage.code(), format!("there is no {what} left to capture {name} with"))
        .help("destroy graphs that are no longer executed with aclmdlRIDestroy")
}
