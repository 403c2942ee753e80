//! The host waits for an event that a stream bound by the build API uses.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::EventId;

/// ACG264.
pub static RULE: Rule = Rule::error(
    "ACG264",
    "build-event-host-sync",
    &[107_000],
    "the host waits for an event that a stream of a build-API graph uses",
);

/// The event must not have been used on a stream that is still bound.
pub(crate) fn check(m: &Machine<'_>, event: EventId) -> Verdict {
    let used = m.state.events[event].bound_use;
    let Some((call, stream)) = used.filter(|&(_, stream)| m.state.streams[stream].bound_to.is_some()) else {
        return Ok(());
    };
    let (name, stream) = (m.event_name(event), m.stream_name(stream));
    Err(refuse(
        &RULE,
        107_000,
        format!("the host cannot wait for {name}: it belongs to {stream}, which is bound to a graph"),
    )
    .label(call, format!("{name} is used on {stream} here"))
    .help("synchronize the stream that executes the graph"))
}
