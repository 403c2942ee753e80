//! The last task of a joined stream records an event that no stream of the capture waits for.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::InnerId;

/// ACG031.
pub static RULE: Rule = Rule::error(
    "ACG031",
    "join-record-not-waited",
    &[107_025],
    "a joined stream ends with a record that nobody waits for",
);

/// The internal event of the stream's last record must have been waited for.
pub(crate) fn check(m: &Machine<'_>, inner: InnerId) -> Verdict {
    let Some((task, captured)) = m.final_record(inner) else { return Ok(()) };
    if m.state.captured[captured].waited_by.is_some() {
        return Ok(());
    }
    if let Some((record, wait)) = m.last_join_back(inner) {
        return Err(super::task_after_rejoin::refusal(m, inner, record, wait));
    }
    let record = m.state.tasks[task].call;
    let stream = m.state.inners[inner].stream;
    let (name, event) = (m.stream_name(stream), m.event_name(m.state.captured[captured].event));
    Err(refuse(
        &RULE,
        107_025,
        format!("stream {name} ends with a record of {event} that no stream waits for"),
    )
    .label(m.state.streams[stream].entered_by, format!("{name} joins the capture here"))
    .label(record, format!("{event} is recorded last on {name}"))
    .help(super::come_back(m, inner)))
}
