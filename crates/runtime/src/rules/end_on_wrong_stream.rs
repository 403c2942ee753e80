//! `aclmdlRICaptureEnd` on a stream that joined the capture instead of the one that began it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG012.
pub static RULE: Rule = Rule::error(
    "ACG012",
    "end-on-wrong-stream",
    &[107_036],
    "a capture is ended on a stream that only joined it",
);

/// The stream must be the origin.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let Some(inner) = m.state.streams[stream].inner else { return Ok(()) };
    if m.state.inners[inner].is_origin {
        return Ok(());
    }
    let name = m.stream_name(stream);
    let origin = m.origin_of(m.state.inners[inner].model);
    let origin_name = origin.map_or("the origin", |origin| m.stream_name(origin));
    Err(refuse(&RULE, 107_036, format!("the capture began on {origin_name}, but is ended on {name}"))
        .label_if(origin.map(|origin| m.state.streams[origin].entered_by), "the capture began here")
        .label(m.state.streams[stream].entered_by, format!("{name} joined it here"))
        .note("The capture goes on; a correct end can still succeed.")
        .help(format!("end it with aclmdlRICaptureEnd({origin_name}, …)")))
}
