//! The default stream is bound to a graph of the build API.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG252.
pub static RULE: Rule =
    Rule::error("ACG252", "bind-null-stream", &[107_000], "NULL or the default stream is bound to a graph");

/// The stream must not be a default stream, which NULL stands for and which is never persistent.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.is_default(stream) {
        return Ok(());
    }
    Err(refuse(&RULE, 107_000, "the default stream cannot be bound to a graph, and NULL stands for it")
        .help("bind a stream of aclrtCreateStreamWithConfig with ACL_STREAM_PERSISTENT"))
}
