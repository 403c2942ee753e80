//! `aclmdlRIBindStream` with a stream for the device's own use or for fast launches.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG254.
pub static RULE: Rule = Rule::error(
    "ACG254",
    "bind-flags",
    &[507_000, 207_000],
    "a stream for the device's own use, or for fast launches, is bound",
);

/// The stream must not be for the device's own use, nor for fast launches.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let flags = m.state.streams[stream].flags;
    let (code, kind) = if flags & flag::DEVICE_USE_ONLY != 0 {
        (507_000, "the device's own use")
    } else if flags & flag::FAST_LAUNCH != 0 {
        (207_000, "fast launches")
    } else {
        return Ok(());
    };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, code, format!("{name} is for {kind} and cannot be bound"))
        .label(m.state.streams[stream].made_by, "created here")
        .help("bind a stream created with ACL_STREAM_PERSISTENT"))
}
