//! `aclmdlRICaptureToModelRIBegin` on a stream that is already being captured, such as the parent's.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG188.
pub static RULE: Rule = Rule::error(
    "ACG188",
    "subcapture-stream-busy",
    &[107_027],
    "a branch is captured on a stream that is already being captured",
)
.since("9.1.0");

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("{name} is already being captured and cannot capture a branch"))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .help("capture the branch on a stream of its own; it can serve the next branch after its end"))
}
