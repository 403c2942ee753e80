//! A captured stream without an open task group gets a task while another stream of the capture has one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::StreamId;

/// ACG134.
pub static RULE: Rule = Rule::error(
    "ACG134",
    "group-broken-by-stream",
    &[107_034],
    "a stream without a task group gets a task while another has one open",
);

/// The refusal for a task that breaks another stream's group.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    let open = m.state.capture_of(stream).and_then(|(_, model)| m.open_group(model));
    let other = open.map_or("another stream", |(inner, _)| m.stream_name(m.state.inners[inner].stream));
    refuse(&RULE, 107_034, format!("{name} gets a task while {other} has an open task group"))
        .label_if(open.map(|(_, group)| m.state.groups[group].opened_by), "the group is opened here")
        .note("The capture is invalid from here on.")
        .help(format!("close the group on {other} before giving work to {name}"))
}
