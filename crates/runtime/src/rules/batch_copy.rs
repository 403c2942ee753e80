//! `aclrtMemcpyBatchAsync` with pageable memory on a capturing stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{BufferId, Place, StreamId};

/// ACG093.
pub static RULE: Rule = Rule::error(
    "ACG093",
    "batch-copy",
    &[107_000, 107_027, 107_030],
    "a batch copy with pageable memory is made in a capture",
);

/// Host memory of one entry must be pinned on a capturing stream.
pub(crate) fn check(
    m: &Machine<'_>,
    stream: StreamId,
    to: Option<BufferId>,
    from: Option<BufferId>,
) -> Verdict {
    let pageable = |buffer: &BufferId| m.state.buffers[*buffer].place == Place::Pageable;
    let Some(buffer) = [to, from].into_iter().flatten().find(pageable) else { return Ok(()) };
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    // Other chips synchronize the stream first, which a capturing stream refuses.
    let code = if m.state.target.is_david { 107_000 } else { 107_027 };
    let (name, stream_name) = (m.buffer_name(buffer), m.stream_name(stream));
    Err(refuse(
        &RULE,
        code,
        format!(
            "{name} is pageable host memory and cannot be copied on {stream_name}, which is being captured"
        ),
    )
    .label(m.state.buffers[buffer].made_by, "allocated here")
    .help(format!("allocate {name} with aclrtMallocHost")))
}
