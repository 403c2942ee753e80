//! What a graph of a session writes is read before the run is known to be complete.
//!
//! **Fires** where the host or another stream reads an output of a `RunGraphWithStreamAsync` that nothing makes it wait for.
//!
//! **Sound because** the call returns before the graph has run (capture-rules, section 14.1, ACG310); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG310.
pub static RULE: Rule = Rule::silent(
    "ACG310",
    "ge-result-before-sync",
    "a result of a GE graph is read before the run is complete",
);

/// The finding at a call that reads.
pub(crate) fn finding(call: u32, run: u32, reader: &str, buffer: &str) -> Finding {
    Finding::new(&RULE, call, format!("{reader} reads {buffer}, which the graph may not have written yet"))
        .label(run, "the graph runs asynchronously")
        .help("synchronize the stream of the run first")
}
