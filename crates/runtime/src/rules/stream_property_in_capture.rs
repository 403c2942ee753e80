//! `aclrtSetStreamOverflowSwitch` or the user tag of a stream that is being captured.

use acg_calls::{Api, CallView};
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG087.
pub static RULE: Rule = Rule::error(
    "ACG087",
    "stream-property-in-capture",
    &[107_027],
    "a property of a capturing stream is changed",
);

/// The stream must be eager, for the properties that take effect by a task.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let by_task = c.api() == Api::SetStreamOverflowSwitch || matches!(c.int(1), Some(2 | 3));
    if !by_task || !m.state.streams[stream].is_capturing() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("{} does not work on {name} while it is being captured", c.api()))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .help("set it before the capture begins"))
}
