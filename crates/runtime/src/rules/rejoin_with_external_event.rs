//! The last task of a joined stream records an EXTERNAL event.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{InnerId, Work};

/// ACG034.
pub static RULE: Rule = Rule::error(
    "ACG034",
    "rejoin-with-external-event",
    &[107_025],
    "a joined stream ends with a record of an EXTERNAL event, which joins nothing",
);

/// The stream's last record must not be of an EXTERNAL event.
pub(crate) fn check(m: &Machine<'_>, inner: InnerId) -> Verdict {
    let Some(task) = m.state.inners[inner].last else { return Ok(()) };
    let Work::ExternalRecord(event) = m.state.tasks[task].work else { return Ok(()) };
    let stream = m.state.inners[inner].stream;
    let (name, event) = (m.stream_name(stream), m.event_name(event));
    Err(refuse(
        &RULE,
        107_025,
        format!("stream {name} ends with a record of the EXTERNAL event {event}, which joins nothing"),
    )
    .label(m.state.streams[stream].entered_by, format!("{name} joins the capture here"))
    .label(m.state.tasks[task].call, "its last task")
    .help(super::come_back(m, inner)))
}
