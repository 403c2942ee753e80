//! Work is put on the default stream while a capture is open.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::StreamId;

/// ACG041.
pub static RULE: Rule =
    Rule::silent("ACG041", "default-stream-work", "work on the default stream during a capture runs at once");

/// Looks for work on the default stream while its context has a capture.
pub(crate) fn look(m: &mut Machine<'_>, stream: StreamId) {
    if !m.is_default(stream) || m.state.contexts[m.state.streams[stream].context].strictest().is_none() {
        return;
    }
    let finding = m
        .finding(&RULE, "this runs at once: the default stream is never captured".to_owned())
        .note("The work is not in the graph and is not ordered against it.")
        .help("put it on a stream of the capture");
    m.report(finding);
}
