//! `aclmdlRIAddCondTask` on a stream that is not being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, StreamId};

/// ACG182.
pub static RULE: Rule = Rule::error(
    "ACG182",
    "cond-stream-not-capturing",
    &[107_029],
    "a conditional task is added to a stream that is not being captured",
)
.since("9.1.0");

/// The graph that the stream is captured into.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<ModelId> {
    let captured = m.state.capture_of(stream).filter(|_| m.state.streams[stream].is_capturing());
    captured.map(|(_, model)| model).ok_or_else(|| {
        let name = m.stream_name(stream);
        let begin = m.last_failed_begin(stream);
        refuse(&RULE, 107_029, format!("{name} is not being captured and takes no conditional task"))
            .label_if(begin, "this begin failed")
            .because_of(begin)
            .help("add it between begin and end, on a stream of the capture")
    })
}
