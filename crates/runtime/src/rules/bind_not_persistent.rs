//! `aclmdlRIBindStream` with a stream that has no PERSISTENT flag, the default stream included.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;
use crate::state::stream::flag;

/// ACG251.
pub static RULE: Rule = Rule::error(
    "ACG251",
    "bind-not-persistent",
    &[107_000],
    "a stream is bound that was not created as persistent",
);

/// The stream must be persistent.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].flags & flag::PERSISTENT != 0 {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_000, format!("{name} cannot be bound, it is not persistent"))
        .label(m.state.streams[stream].made_by, "created here")
        .help("create it with aclrtCreateStreamWithConfig and ACL_STREAM_PERSISTENT"))
}
