//! A task group is opened or closed on a stream that is not being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{InnerId, StreamId};

/// ACG130.
pub static RULE: Rule = Rule::error(
    "ACG130",
    "group-outside-capture",
    &[107_029],
    "a task group is opened or closed on a stream that is not being captured",
);

/// The stream must be part of a capture; gives its hidden stream.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<InnerId> {
    m.state.streams[stream].inner.ok_or_else(|| refusal(m, stream))
}

fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    let begin = m.last_failed_begin(stream);
    refuse(&RULE, 107_029, format!("{name} is not being captured, so it has no task groups"))
        .label_if(begin, "this begin failed")
        .because_of(begin)
        .help("open and close groups between aclmdlRICaptureBegin and aclmdlRICaptureEnd, on a stream of the capture")
}
