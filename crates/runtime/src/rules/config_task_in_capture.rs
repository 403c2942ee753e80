//! Profiling, dump or overflow detection is configured while a capture is open.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;

/// ACG088.
pub static RULE: Rule = Rule::silent(
    "ACG088",
    "config-task-in-capture",
    "profiling, dump or overflow detection is configured while a capture is open",
);

/// Looks for an open capture.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>) {
    let Some(&stream) = m.state.capturing.first() else { return };
    let (name, begin) = (m.stream_name(stream), m.state.streams[stream].entered_by);
    let finding = m
        .finding(
            &RULE,
            format!("{} may have no effect on the graph that is being captured on {name}", c.api()),
        )
        .label(begin, "the capture begins here")
        .note("The runtime checks nothing here: whether the call fails, works or is ignored is not told.")
        .help("configure before the capture begins or after it has ended");
    m.report(finding);
}
