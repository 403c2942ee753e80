//! A capture is begun or ended on a stream whose creation flags exclude capture.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG003.
pub static RULE: Rule = Rule::error(
    "ACG003",
    "begin-bad-stream-flag",
    &[507_000],
    "a stream with these creation flags cannot be captured",
);

/// The stream's flags must allow capture.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let flags = m.state.streams[stream].flags;
    if flags & excluded(m) == 0 {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(
        &RULE,
        507_000,
        format!("stream {name} was created with flags {flags:#x}, which exclude capture"),
    )
    .label(m.state.streams[stream].made_by, "created here")
    .help("capture on a stream without the CPU_SCHEDULE, DEVICE_USE_ONLY and, on 950, PERSISTENT flags"))
}

/// The flags that exclude capture on this chip.
pub(super) fn excluded(m: &Machine<'_>) -> u32 {
    let persistent = if m.state.target.is_david { flag::PERSISTENT } else { 0 };
    flag::CPU_SCHEDULE | flag::DEVICE_USE_ONLY | persistent
}
