//! An event of the two older functions, not EXTERNAL, is reset on a capturing stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, StreamId};

/// ACG059.
pub static RULE: Rule = Rule::error(
    "ACG059",
    "reset-legacy-in-capture",
    &[207_000],
    "an event that cannot be captured is reset on a capturing stream",
);

/// Only EXTERNAL events can be reset in a capture.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    if m.state.events[event].is_external() || !m.state.captures(stream) {
        return Ok(());
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(&RULE, 207_000, format!("{name} cannot be reset on {stream}, which is being captured"))
        .label(m.state.events[event].made_by, "created without ACL_EVENT_EXTERNAL")
        .help("use an event with ACL_EVENT_EXTERNAL, or drop the reset"))
}
