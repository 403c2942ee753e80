//! `aclmdlRIBindStream` with a stream for the device's own use.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG254.
pub static RULE: Rule =
    Rule::error("ACG254", "bind-flags", &[507_000], "a stream for the device's own use is bound");

/// The stream must not be for the device's own use.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].flags & flag::DEVICE_USE_ONLY == 0 {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 507_000, format!("{name} is for the device's own use and cannot be bound"))
        .label(m.state.streams[stream].made_by, "created here")
        .help("bind a stream created with ACL_STREAM_PERSISTENT"))
}
