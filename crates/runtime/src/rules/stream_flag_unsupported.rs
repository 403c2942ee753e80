//! A stream with the `DEVICE_USE_ONLY` flag on firmware that does not know it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::stream::flag;

/// ACG367.
pub static RULE: Rule = Rule::error(
    "ACG367",
    "stream-flag-unsupported",
    &[207_000],
    "the firmware cannot make streams for the device's own use",
);

/// The firmware must know the flags.
pub(crate) fn check(m: &Machine<'_>, flags: u32) -> Verdict {
    if flags & flag::DEVICE_USE_ONLY == 0 || m.state.target.has_device_use_only_stream {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "this firmware cannot make a stream for the device's own use")
        .help("drop ACL_STREAM_DEVICE_USE_ONLY, or update the firmware"))
}
