//! A graph runs on another stream than it was loaded on, and nothing waits for the load.
//!
//! **Fires** at a run on a stream other than that of the load, with no call between them that waits for anything.
//!
//! **Sound because** the load is work of its stream (capture-rules, section 14.1, ACG308).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG308.
pub static RULE: Rule = Rule::silent(
    "ACG308",
    "ge-load-stream-differs",
    "a graph runs on another stream than it was loaded on, without a synchronization",
);

/// The finding at the run.
pub(crate) fn finding(call: u32, graph: i64, load: u32) -> Finding {
    Finding::new(&RULE, call, format!("graph {graph} may run before it is loaded, which another stream does"))
        .label(load, "loaded on this stream")
        .help("run it on the stream that it was loaded on, or synchronize that stream first")
}
