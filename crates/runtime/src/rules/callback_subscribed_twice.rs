//! `aclrtSubscribeReport` on a stream that has a thread, or runs host functions.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ReportThread, StreamId};

/// ACG370.
pub static RULE: Rule = Rule::error(
    "ACG370",
    "callback-subscribed-twice",
    &[107_011],
    "a thread is subscribed to a stream that already has one",
);

/// No thread may serve the stream yet.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let by = match m.state.streams[stream].report {
        ReportThread::None => return Ok(()),
        ReportThread::Subscribed(by) | ReportThread::HostFunction(by) => by,
    };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_011, format!("a thread already serves the callbacks of {name}"))
        .label(by, "since this call")
        .help("subscribe one thread per stream, once"))
}
