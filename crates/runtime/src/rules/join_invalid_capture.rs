//! An eager stream waits for an event of a capture that is already invalid, and so cannot join it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::{EventId, Join, ModelId, StreamId};

/// ACG035.
pub static RULE: Rule = Rule::error(
    "ACG035",
    "join-invalid-capture",
    &[507_000],
    "a stream waits for an event of a capture that is already lost",
);

/// The refusal for a stream that could not join.
pub(crate) fn refusal(
    m: &Machine<'_>,
    stream: StreamId,
    event: Option<EventId>,
    model: ModelId,
    reason: Join,
) -> Refusal {
    if let Join::Shortage(shortage) = reason {
        return super::begin_no_resource::refusal(m, stream, shortage);
    }
    let name = m.stream_name(stream);
    let cause = m.state.models[model].cause.map(|cause| cause.call);
    let what = event.map_or(String::new(), |event| format!(" by waiting for {}", m.event_name(event)));
    refuse(&RULE, 507_000, format!("stream {name} cannot join a capture that is already lost{what}"))
        .label_if(cause, "this call made the capture invalid")
        .because_of(cause)
        .help("mend the call that made the capture invalid")
}
