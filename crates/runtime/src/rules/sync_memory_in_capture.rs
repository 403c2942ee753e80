//! A blocking copy or fill that the live captures forbid to this thread.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::Mode;

/// ACG090.
pub static RULE: Rule = Rule::error(
    "ACG090",
    "sync-memory-in-capture",
    &[107_030],
    "a blocking memory call is made while a capture forbids it",
);

/// The live captures must allow unsafe calls to this thread.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    if !m.state.refuses_unsafe(m.thread) {
        return Ok(());
    }
    let origin = m.strictest_capture(m.thread);
    let mode = origin.and_then(|stream| m.state.streams[stream].mode).unwrap_or(Mode::Global);
    let name = origin.map_or("a stream", |stream| m.stream_name(stream));
    let message =
        format!("a {} capture on {name} forbids blocking memory calls to this thread", mode.as_str());
    Err(refuse(&RULE, 107_030, message)
        .label_if(origin.map(|stream| m.state.streams[stream].entered_by), "the capture begins here")
        .note("The capture stays valid; only this call has no effect.")
        .help("move the call out of the capture, or put it between two aclmdlRICaptureThreadExchangeMode calls that set RELAXED and restore the old value"))
}
