//! Update end on a stream that is not updating a group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{GroupId, GroupStatus, StreamId};

/// ACG155.
pub static RULE: Rule =
    Rule::error("ACG155", "update-end-unmatched", &[107_033], "an update is ended that did not begin");

/// The group that the stream is updating.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<GroupId> {
    let object = &m.state.streams[stream];
    let group = object.updating.filter(|_| object.group_status == GroupStatus::Updating);
    group.ok_or_else(|| {
        let name = m.stream_name(stream);
        let begin = object.update_failed;
        refuse(&RULE, 107_033, format!("{name} is not updating a task group"))
            .label_if(begin, "this begin failed")
            .because_of(begin)
            .help(format!("call aclmdlRICaptureTaskUpdateBegin({name}, …) first"))
    })
}
