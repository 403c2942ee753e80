//! An asynchronous copy of pageable memory on an eager stream while unsafe calls are refused.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{BufferId, Place, StreamId};

/// ACG092.
pub static RULE: Rule = Rule::error(
    "ACG092",
    "pageable-copy-eager",
    &[107_041],
    "an asynchronous copy of pageable memory would block while a capture forbids it",
);

/// Host memory must be pinned: always on a capturing stream, elsewhere while unsafe calls are refused.
pub(crate) fn check(
    m: &Machine<'_>,
    stream: StreamId,
    to: Option<BufferId>,
    from: Option<BufferId>,
) -> Verdict {
    let pageable = |buffer: &BufferId| m.state.buffers[*buffer].place == Place::Pageable;
    let Some(buffer) = [to, from].into_iter().flatten().find(pageable) else { return Ok(()) };
    if m.state.streams[stream].is_capturing() {
        return Err(super::pageable_copy_captured::refusal(m, stream, buffer));
    }
    if !m.state.refuses_unsafe(m.thread) {
        return Ok(());
    }
    let origin = m.strictest_capture(m.thread);
    let (name, stream) = (m.buffer_name(buffer), m.stream_name(stream));
    Err(refuse(
        &RULE,
        107_041,
        format!("copying {name} on {stream} would block, which a live capture forbids"),
    )
    .label(m.state.buffers[buffer].made_by, "pageable memory is allocated here")
    .label_if(origin.map(|stream| m.state.streams[stream].entered_by), "the capture begins here")
    .help(format!("allocate {name} with aclrtMallocHost, or copy outside of the capture")))
}
