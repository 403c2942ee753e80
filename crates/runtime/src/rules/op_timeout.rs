//! A timeout of the process is set while a capture is open, as if it belonged to the graph.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;

/// ACG119.
pub static RULE: Rule = Rule::lint(
    "ACG119",
    "op-timeout",
    "a timeout for operators or waits, which no graph stores, is set while a capture is open",
);

/// Looks for an open capture.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>) {
    let Some(&stream) = m.state.capturing.first() else { return };
    let (name, begin) = (m.stream_name(stream), m.state.streams[stream].entered_by);
    let finding = m
        .finding(
            &RULE,
            format!("{} acts on the whole process at once, not on the graph captured on {name}", c.api()),
        )
        .label(begin, "the capture begins here")
        .note("Executions of other graphs get the new timeout as well.")
        .help("set timeouts once, before the first capture");
    m.report(finding);
}
