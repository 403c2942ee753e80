//! A graph is executed on a bound stream or one with flags for other uses.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG203.
pub static RULE: Rule = Rule::error(
    "ACG203",
    "execute-bad-stream",
    &[107_000],
    "a graph is executed on a stream that cannot execute graphs",
);

/// The stream must not have been created for other uses; one that is bound was created persistent.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let barred = flag::CPU_SCHEDULE | flag::PERSISTENT | flag::DEVICE_USE_ONLY;
    if m.state.streams[stream].flags & barred == 0 {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(
        &RULE,
        107_000,
        format!("{name} cannot execute graphs: it is bound or was made for other uses"),
    )
    .label(m.state.streams[stream].made_by, "created here")
    .help("execute on a stream from aclrtCreateStream"))
}
