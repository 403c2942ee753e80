//! A call that reads or clears overflow or float status on a stream that is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG086.
pub static RULE: Rule = Rule::error(
    "ACG086",
    "overflow-status-in-capture",
    &[107_027],
    "overflow status is read or cleared on a capturing stream",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(
        &RULE,
        107_027,
        format!("overflow status cannot be read or cleared on {name} while it is being captured"),
    )
    .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
    .help("do it before the capture or after executing the graph"))
}
