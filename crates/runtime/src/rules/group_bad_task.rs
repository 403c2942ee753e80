//! A task that is no AI Core or vector kernel, on a stream with an open task group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{StreamId, Work};

/// ACG133.
pub static RULE: Rule =
    Rule::error("ACG133", "group-bad-task", &[507_009], "a task that is no kernel is put into a task group");

/// The refusal for a task that does not fit the stream's open group.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId, work: Work) -> Refusal {
    let (name, task) = (m.stream_name(stream), work.words());
    let group = m.state.streams[stream].inner.and_then(|inner| m.state.inners[inner].group);
    refuse(&RULE, 507_009, format!("{task} is put on {name}, whose open task group takes only kernels"))
        .label_if(group.map(|group| m.state.groups[group].opened_by), "the group is opened here")
        .note("The capture is invalid from here on.")
        .help("close the group before this call")
}
