//! A joined stream gets a task after its last record that another stream waits for.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::InnerId;

/// ACG033.
pub static RULE: Rule = Rule::error(
    "ACG033",
    "task-after-rejoin",
    &[107_025],
    "a stream gets another task after it came back to the capture's origin",
);

/// The refusal for a stream whose record at call `record` was waited for at call `wait`, and that went on.
pub(super) fn refusal(m: &Machine<'_>, inner: InnerId, record: u32, wait: u32) -> Refusal {
    let stream = m.state.inners[inner].stream;
    let name = m.stream_name(stream);
    let last = m.state.inners[inner].last.map(|task| m.state.tasks[task].call);
    refuse(
        &RULE,
        107_025,
        format!("stream {name} gets another task after it came back, and does not come back again"),
    )
    .label(m.state.streams[stream].entered_by, format!("{name} joins the capture here"))
    .label(record, format!("{name} records its way back here"))
    .label(wait, "and is waited for here")
    .label_if(last, "this task comes after that")
    .help(super::come_back(m, inner))
}
