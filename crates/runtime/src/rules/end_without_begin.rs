//! `aclmdlRICaptureEnd` on a stream that is not being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::{InnerId, StreamId};

/// ACG011.
pub static RULE: Rule = Rule::error(
    "ACG011",
    "end-without-begin",
    &[107_029],
    "a capture is ended on a stream that is not being captured",
);

/// The stream must be part of a capture; gives its hidden stream.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<InnerId> {
    m.state.streams[stream].inner.ok_or_else(|| refusal(m, stream))
}

fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    let ended = m.last_end(stream);
    let failed = ended.filter(|&call| m.was_refused(call));
    let begin = m.last_failed_begin(stream);
    refuse(&RULE, 107_029, format!("stream {name} is not being captured"))
        .label_if(begin, "this begin failed")
        .label_if(ended, "its last capture ended here")
        .because_of(begin.or(failed))
        .help("pair every aclmdlRICaptureEnd with one successful aclmdlRICaptureBegin on the same stream")
}
