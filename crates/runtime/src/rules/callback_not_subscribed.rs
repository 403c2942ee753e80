//! `aclrtLaunchCallback` on a stream that no thread is subscribed to, or a host function on one that has a thread.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ReportThread, StreamId};

/// ACG112.
pub static RULE: Rule = Rule::error(
    "ACG112",
    "callback-not-subscribed",
    &[107_015, 107_011],
    "no thread serves the callbacks of the stream",
);

/// A thread must be subscribed to the stream.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let name = m.stream_name(stream);
    match m.state.streams[stream].report {
        ReportThread::Subscribed(_) => Ok(()),
        ReportThread::HostFunction(by) => Err(refuse(
            &RULE,
            107_011,
            format!(
                "{name} already runs host functions on the runtime's own thread, so it takes no callbacks"
            ),
        )
        .label(by, "its first host function")
        .help("use aclrtLaunchHostFunc throughout, or aclrtLaunchCallback throughout")),
        ReportThread::None => {
            Err(refuse(&RULE, 107_015, format!("no thread is subscribed to the callbacks of {name}"))
                .help(format!("call aclrtSubscribeReport(thread, {name}) first, or use aclrtLaunchHostFunc")))
        }
    }
}

/// The runtime's own thread must be able to serve the stream.
pub(crate) fn check_host_function(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let ReportThread::Subscribed(by) = m.state.streams[stream].report else { return Ok(()) };
    let name = m.stream_name(stream);
    Err(refuse(
        &RULE,
        107_011,
        format!("a thread serves the callbacks of {name}, so it runs no host functions"),
    )
    .label(by, "the thread was subscribed here")
    .help("use aclrtLaunchCallback on this stream, or another stream for host functions"))
}
