//! A stream whose creation flags exclude capture would join one, or records in one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG042.
pub static RULE: Rule = Rule::error(
    "ACG042",
    "join-bad-stream-flag",
    &[507_000],
    "a stream with these creation flags cannot join a capture",
);

/// The flags of a stream that waits for or records a captured event must allow capture.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, event: EventId) -> Verdict {
    let flags = m.state.streams[stream].flags;
    if flags & super::begin_bad_stream_flag::excluded(m) == 0 {
        return Ok(());
    }
    let (name, event) = (m.stream_name(stream), m.event_name(event));
    let message =
        format!("stream {name} cannot join the capture of {event}, it was created with flags {flags:#x}");
    Err(refuse(&RULE, 507_000, message)
        .label(m.state.streams[stream].made_by, "created here")
        .help("use a stream without the CPU_SCHEDULE, DEVICE_USE_ONLY and, on 950, PERSISTENT flags"))
}
