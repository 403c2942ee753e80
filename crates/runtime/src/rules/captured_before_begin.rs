//! Work on the origin stream right before its capture begins.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;
use crate::state::StreamId;

/// ACG045.
pub static RULE: Rule = Rule::silent(
    "ACG045",
    "captured-before-begin",
    "work put on the stream before the capture began is not in the graph",
);

/// Looks for work on a stream just before its capture begins.
pub(crate) fn look(m: &mut Machine<'_>, stream: StreamId) {
    let Some(work) = m.state.streams[stream].last_eager else { return };
    if work + 1 != m.call {
        return;
    }
    let name = m.stream_name(stream);
    let finding = Finding::new(
        &RULE,
        work,
        format!("this ran at once: the capture on {name} begins only after it"),
    )
    .label(m.call, "the capture begins here")
    .note("The work is not in the graph and is not repeated when the graph is executed.")
    .help("begin the capture before it if it belongs to the graph, or synchronize the stream if it does not");
    m.report(finding);
}
