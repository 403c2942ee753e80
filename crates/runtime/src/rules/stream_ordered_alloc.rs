//! Memory of a stream-ordered pool is taken or given back on a captured stream.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::StreamId;

/// ACG096.
pub static RULE: Rule = Rule::lint(
    "ACG096",
    "stream-ordered-alloc",
    "memory of a stream-ordered pool is taken or given back on a captured stream",
);

/// Looks for a captured stream.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>, stream: StreamId) {
    if !m.state.streams[stream].is_capturing() {
        return;
    }
    let (name, entered) = (m.stream_name(stream), m.state.streams[stream].entered_by);
    let finding = m
        .finding(&RULE, format!("{} is not captured with {name}: it happens once, now", c.api()))
        .label(entered, format!("{name} enters the capture here"))
        .note("The graph keeps the address, and the pool may hand the same memory to somebody else.")
        .help("take memory that lives as long as the graph with aclrtMalloc, outside of the capture");
    m.report(finding);
}
