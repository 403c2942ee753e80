//! `aclmdlRICaptureTaskGrpEnd` on a stream without an open group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{GroupId, InnerId, StreamId};

/// ACG132.
pub static RULE: Rule = Rule::error(
    "ACG132",
    "group-end-unmatched",
    &[107_033],
    "a task group is closed on a stream that has none open",
);

/// The stream must have an open group; gives it.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, inner: InnerId) -> Verdict<GroupId> {
    m.state.inners[inner].group.ok_or_else(|| refusal(m, stream))
}

fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    refuse(&RULE, 107_033, format!("{name} has no open task group"))
        .help(format!("call aclmdlRICaptureTaskGrpBegin({name}) first, once per end"))
}
