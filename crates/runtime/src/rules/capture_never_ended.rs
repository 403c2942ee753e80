//! A capture is still open when the log ends.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;

/// ACG017.
pub static RULE: Rule =
    Rule::lint("ACG017", "capture-never-ended", "a capture is still open when the program ends");

/// Looks for captures that the log leaves open.
pub(crate) fn look(m: &mut Machine<'_>) {
    for stream in m.state.streams.keys() {
        let Some((inner, model)) = m.state.capture_of(stream) else { continue };
        let is_open = m.state.inners[inner].is_origin && m.state.models[model].is_capturing();
        if !is_open || m.state.models[model].cause.is_some() {
            continue;
        }
        let name = m.stream_name(stream);
        let finding = Finding::new(
            &RULE,
            m.state.streams[stream].entered_by,
            format!("the capture on {name} is never ended"),
        )
        .note("Its streams stay captured, and the mode goes on restricting other calls.")
        .help(format!("call aclmdlRICaptureEnd({name}, …) on every path"));
        m.report(finding);
    }
}
