//! `aclmdlRICaptureTaskGrpEnd` on a stream without an open group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{GroupId, GroupStatus, InnerId, StreamId};

/// ACG132.
pub static RULE: Rule = Rule::error(
    "ACG132",
    "group-end-unmatched",
    &[107_033, 507_000],
    "a task group is closed on a stream that has none open",
);

/// The stream must have an open group; gives it.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, inner: InnerId) -> Verdict<GroupId> {
    if m.state.streams[stream].group_status != GroupStatus::Sampling {
        let name = m.stream_name(stream);
        return Err(refuse(&RULE, 107_033, format!("{name} has no open task group"))
            .help(format!("call aclmdlRICaptureTaskGrpBegin({name}) first, once per end")));
    }
    m.state.inners[inner].group.ok_or_else(|| lost(m, stream))
}

/// The refusal for a group that went with the capture that ended while it was open: the stream still counts as grouping.
fn lost(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let object = &m.state.streams[stream];
    let name = m.stream_name(stream);
    refuse(&RULE, 507_000, format!("the task group of {name} is gone with the capture that it was opened in"))
        .label_if(object.ended_by, "that capture ended here, with the group open")
        .because_of(object.ended_by.filter(|&call| m.was_refused(call)))
        .help("close the group before its capture ends; this stream takes no further group, use a new one")
}
