//! A capture is begun on a stream that is the origin of one or has joined one.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::StreamId;

/// ACG007.
pub static RULE: Rule = Rule::error(
    "ACG007",
    "begin-while-capturing",
    &[107_027],
    "a capture is begun on a stream that is already part of one",
);

/// The stream must be eager.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    if m.state.streams[stream].is_capturing() { Err(refusal(m, stream)) } else { Ok(()) }
}

/// The refusal for a stream that is part of a capture.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    let joined = m.state.capture_of(stream).is_some_and(|(inner, _)| !m.state.inners[inner].is_origin);
    let text = if joined { "it joined a capture here" } else { "its capture began here" };
    refuse(&RULE, 107_027, format!("stream {name} is already being captured"))
        .label(m.state.streams[stream].entered_by, text)
        .note("The running capture is not harmed by this call.")
        .help("end the running capture first, or capture on another stream")
}
