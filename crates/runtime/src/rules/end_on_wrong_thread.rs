//! A GLOBAL or `THREAD_LOCAL` capture is ended on a thread that did not begin it.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{Mode, StreamId};

/// ACG013.
pub static RULE: Rule = Rule::error(
    "ACG013",
    "end-on-wrong-thread",
    &[107_038],
    "a capture is ended on another thread than the one that began it",
);

/// The thread must be the beginner's, unless the mode is RELAXED.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let object = &m.state.streams[stream];
    let Some(beginner) = object.begun_by else { return Ok(()) };
    if beginner == m.thread || object.mode == Some(Mode::Relaxed) {
        return Ok(());
    }
    let (begun, ended) = (m.thread_number(beginner), m.thread_number(m.thread));
    let name = m.stream_name(stream);
    let message = format!("thread {ended} ends the capture on {name} that thread {begun} began");
    Err(refuse(&RULE, 107_038, message)
        .label(object.entered_by, format!("begun on thread {begun}"))
        .note("The capture is over on all its streams and its graph is lost without being destroyed.")
        .note("The beginning thread stays counted as capturing, so its blocking memory calls may go on failing.")
        .help("end the capture on the thread that began it, or begin it in RELAXED mode"))
}
