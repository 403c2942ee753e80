//! The last task of a joined stream is not an event record.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::InnerId;

/// ACG030.
pub static RULE: Rule = Rule::error(
    "ACG030",
    "sub-stream-not-joined",
    &[107_025],
    "a joined stream does not come back: its last task records no event",
);

/// The stream's last task must be a record.
pub(crate) fn check(m: &Machine<'_>, inner: InnerId) -> Verdict {
    let last = m.state.inners[inner].last;
    if last.is_some_and(|task| m.state.tasks[task].work.is_record()) {
        return Ok(());
    }
    let stream = m.state.inners[inner].stream;
    let name = m.stream_name(stream);
    let back = m.last_join_back(inner);
    if let Some((record, wait)) = back {
        return Err(super::task_after_rejoin::refusal(m, inner, record, wait));
    }
    let entered = m.state.streams[stream].entered_by;
    let last = last.map(|task| m.state.tasks[task].call);
    let own_work = m.state.streams[stream].last_eager;
    let refusal = refuse(
        &RULE,
        107_025,
        format!("stream {name} joined the capture and never comes back to its origin"),
    )
    .label(entered, format!("{name} joins the capture here"))
    .label_if(last.filter(|&call| call != entered), "its last task; an event record must follow it")
    .help(super::come_back(m, inner));
    // A stream that works on its own as well may have been pulled in by accident (capture-rules, section 2, ACG038).
    Err(match own_work {
        Some(call) => refusal
            .label(call, format!("{name} has work of its own outside the capture"))
            .note(format!("If {name} is not meant to be captured, it must not wait for an event that is recorded in a capture.")),
        None => refusal,
    })
}
