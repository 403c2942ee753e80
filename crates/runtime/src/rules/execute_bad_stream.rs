//! A graph is executed on a bound stream or one with flags for other uses.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG203.
pub static RULE: Rule = Rule::error(
    "ACG203",
    "execute-bad-stream",
    &[107_000],
    "a graph is executed on a stream that cannot execute graphs",
);

/// The stream must not be bound to a graph of the build API.
pub(crate) fn bound(m: &Machine<'_>, stream: StreamId) -> Verdict {
    match m.state.streams[stream].bound_to {
        None => Ok(()),
        Some(_) => Err(refusal(m, stream, "it belongs to a graph of the build API")),
    }
}

/// The stream must not have been created for other uses.
pub(crate) fn made_for_other_uses(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let barred = flag::CPU_SCHEDULE | flag::PERSISTENT | flag::DEVICE_USE_ONLY;
    if m.state.streams[stream].flags & barred == 0 {
        return Ok(());
    }
    Err(refusal(m, stream, "it was created for other uses"))
}

fn refusal(m: &Machine<'_>, stream: StreamId, reason: &str) -> Refusal {
    let name = m.stream_name(stream);
    refuse(&RULE, 107_000, format!("{name} cannot execute graphs: {reason}"))
        .label(m.state.streams[stream].made_by, "created here")
        .help("execute on a stream from aclrtCreateStream")
}
