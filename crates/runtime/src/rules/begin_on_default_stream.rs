//! A capture is begun or ended on the handle of a context's default stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG006.
pub static RULE: Rule =
    Rule::error("ACG006", "begin-on-default-stream", &[207_000], "the default stream cannot be captured");

/// The stream must not be a default stream.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.is_default(stream) {
        return Ok(());
    }
    Err(refuse(&RULE, 207_000, "the default stream cannot be captured")
        .help("capture on a stream from aclrtCreateStream"))
}
