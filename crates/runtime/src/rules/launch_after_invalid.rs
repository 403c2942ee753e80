//! On hardware queues, a task that an open task group refused blocks its stream: every later task fails.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, refuse};
use crate::state::StreamId;

/// ACG124.
pub static RULE: Rule = Rule::error(
    "ACG124",
    "launch-after-invalid",
    &[507_002],
    "a task follows one that its task group refused",
);

/// The refusal for a task behind a blocked queue.
pub(crate) fn refusal(m: &Machine<'_>, stream: StreamId) -> Refusal {
    let name = m.stream_name(stream);
    let cause = m.state.capture_of(stream).and_then(|(_, model)| m.state.models[model].cause);
    refuse(&RULE, 507_002, format!("{name} takes no task any more, an earlier one was refused"))
        .label_if(cause.map(|cause| cause.call), "the task that was refused")
        .because_of(cause.map(|cause| cause.call))
        .help("mend the first refused task; this failure follows from it")
}
