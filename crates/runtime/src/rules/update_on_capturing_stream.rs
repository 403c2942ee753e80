//! Update begin or end on a stream that is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::StreamId;

/// ACG150.
pub static RULE: Rule = Rule::error(
    "ACG150",
    "update-on-capturing-stream",
    &[107_027],
    "a task group is updated on a stream that is being captured",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].is_capturing() { Err(refusal(m, stream)) } else { Ok(()) }
}

/// A launch into an update on a capturing stream; only the 950 runtime lets it through.
pub(crate) fn check_launch(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.target.is_david || !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    Err(refusal(m, stream))
}

fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    refuse(&RULE, 107_027, format!("{name} is being captured and cannot update a task group"))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .help("update on a stream of its own")
}
