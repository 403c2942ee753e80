//! Work on a stream between the begin of a capture and the wait that brings the stream into it.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;
use crate::state::{ModelId, StreamId};

/// ACG039.
pub static RULE: Rule = Rule::silent(
    "ACG039",
    "unjoined-work",
    "work before the wait that brings a stream into the capture runs at once",
);

/// Looks for work that ran at once on a stream that joins the capture now.
pub(crate) fn look(m: &mut Machine<'_>, stream: StreamId, model: ModelId) {
    let Some(work) = m.state.streams[stream].last_eager else { return };
    let Some(origin) = m.origin_of(model) else { return };
    let begin = m.state.streams[origin].entered_by;
    if work <= begin {
        return;
    }
    let name = m.stream_name(stream);
    let finding =
        Finding::new(&RULE, work, format!("this ran at once: stream {name} was not yet part of the capture"))
            .label(begin, "the capture begins here")
            .label(m.call, format!("{name} joins it only here"))
            .note("It is not repeated when the graph is executed.")
            .help(format!("let {name} wait for an event recorded in the capture before giving it work"));
    m.report(finding);
}

/// Looks for work on a stream whose wait did not bring it into the capture that is open.
pub(crate) fn look_after_missed_join(m: &mut Machine<'_>, stream: StreamId) {
    let Some(wait) = m.state.streams[stream].missed_join.take() else { return };
    let context = m.state.streams[stream].context;
    let Some(captured) = m.capturing_stream(context) else { return };
    let name = m.stream_name(stream);
    let finding = m
        .finding(&RULE, format!("stream {name} never joined the capture, so this runs at once and is not in the graph"))
        .label(m.state.streams[captured].entered_by, "the capture begins here")
        .label(wait, format!("this wait did not bring {name} into it"))
        .note("It is not repeated when the graph is executed.")
        .help(format!("let {name} wait for an event of aclrtCreateEventExWithFlag(…, ACL_EVENT_SYNC) that is recorded in the capture"));
    m.report(finding);
}
