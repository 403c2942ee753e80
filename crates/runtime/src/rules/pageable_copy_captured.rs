//! An asynchronous copy on a capturing stream with host memory that is neither pinned nor registered.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{BufferId, StreamId};

/// ACG091.
pub static RULE: Rule = Rule::error(
    "ACG091",
    "pageable-copy-captured",
    &[107_000, 107_027],
    "pageable host memory is copied in a capture",
);

/// The refusal for pageable memory on a capturing stream.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId, buffer: BufferId) -> Refusal {
    let (name, stream_name) = (m.buffer_name(buffer), m.stream_name(stream));
    let code = if m.state.target.refuses_pageable_as_captured { 107_027 } else { 107_000 };
    refuse(
        &RULE,
        code,
        format!(
            "{name} is pageable host memory and cannot be copied on {stream_name}, which is being captured"
        ),
    )
    .label(m.state.buffers[buffer].made_by, "allocated here")
    .label(m.state.streams[stream].entered_by, format!("{stream_name} entered the capture here"))
    .note("This holds in every mode, RELAXED too.")
    .help(format!("allocate {name} with aclrtMallocHost, or register it with aclrtHostRegister"))
}
