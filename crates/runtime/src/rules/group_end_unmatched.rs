//! `aclmdlRICaptureTaskGrpEnd` on a stream without an open group.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{GroupStatus, StreamId};

/// ACG132.
pub static RULE: Rule = Rule::error(
    "ACG132",
    "group-end-unmatched",
    &[107_033],
    "a task group is closed on a stream that has none open",
);

/// The stream must have an open group.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].group_status == GroupStatus::Sampling {
        Ok(())
    } else {
        Err(refusal(m, stream))
    }
}

/// The refusal for a stream without an open group.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    refuse(&RULE, 107_033, format!("{name} has no open task group"))
        .help(format!("call aclmdlRICaptureTaskGrpBegin({name}) first, once per end"))
}
