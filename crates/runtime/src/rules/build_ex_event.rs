//! An Ex event or one of default flag is recorded or waited for on a bound stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{EventId, Origin, StreamId};

/// ACG258.
pub static RULE: Rule = Rule::error(
    "ACG258",
    "build-ex-event",
    &[207_000],
    "an event of the newer kind is used on a stream of a build-API graph",
);

/// Bound streams take only events of `aclrtCreateEventWithFlag`.
pub(crate) fn check(m: &Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    if m.state.streams[stream].bound_to.is_none() || m.state.events[event].origin == Origin::WithFlag {
        return Ok(());
    }
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(&RULE, 207_000, format!("{name} cannot be used on {stream}, which is bound to a graph"))
        .label(m.state.events[event].made_by, "created here")
        .help("create it with aclrtCreateEventWithFlag"))
}
