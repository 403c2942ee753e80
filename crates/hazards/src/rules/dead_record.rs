//! A captured record that no stream of the graph waits for.
//!
//! **Fires** on a captured record of an event that no wait in the graph pairs with, in a capture that ended well. A record that a
//! later one of the same event replaces is ACG060.
//!
//! **Sound because** executing a graph never signals the user's event (capture-rules, section 2, ACG047), so nobody
//! outside of the graph can wait for the record either.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::graph::{Captured, Recorded};
use crate::report::Report;
use crate::trace::Trace;

/// ACG354.
pub static RULE: Rule = Rule::lint("ACG354", "dead-record", "a captured record that nobody waits for");

/// Looks for records that nothing waits for.
pub(crate) fn check(trace: &Trace<'_, '_>, graph: &Captured<'_>, report: &mut Report) {
    for record in graph.records.iter().filter(|record| !record.is_waited_for && !record.is_superseded) {
        report.add_with(&RULE, Some(graph.model), || finding(trace, graph, record));
    }
}

fn finding(trace: &Trace<'_, '_>, graph: &Captured<'_>, record: &Recorded) -> Finding {
    let node = graph.node(trace, record.spot);
    let (name, stream) = (trace.event_name(record.event), trace.stream_name(trace.stream(node)));
    let message = format!("no stream of the graph waits for {name}, recorded on {stream}");
    Finding::new(&RULE, node.call, message)
        .note("Executing the graph does not signal the event outside of it.")
        .help("leave the record out, or let the stream that needs it wait")
}
