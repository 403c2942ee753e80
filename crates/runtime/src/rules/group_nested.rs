//! A task group is opened on a stream that already has an open one or is updating one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupStatus, StreamId};

/// ACG131.
pub static RULE: Rule = Rule::error(
    "ACG131",
    "group-nested",
    &[107_033],
    "a task group is opened on a stream that has one open, or updates one",
);

/// The stream must not be busy with a group.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let object = &m.state.streams[stream];
    let name = m.stream_name(stream);
    match object.group_status {
        GroupStatus::None => Ok(()),
        GroupStatus::Sampling => {
            let open = object.inner.and_then(|inner| m.state.inners[inner].group);
            Err(refuse(
                &RULE,
                107_033,
                format!("{name} already has an open task group, and groups do not nest"),
            )
            .label_if(open.map(|group| m.state.groups[group].opened_by), "opened here")
            .help("close the open group first"))
        }
        GroupStatus::Updating => Err(refuse(&RULE, 107_033, format!("{name} is updating a task group"))
            .help("call aclmdlRICaptureTaskUpdateEnd first")),
    }
}
