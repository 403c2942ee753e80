//! A graph of a session is run in another way than the first time.
//!
//! **Fires** at a run whose function is not that of the first run of the graph.
//!
//! **Sound because** the first run fixes the way (capture-rules, section 14.1, ACG305).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG305.
pub static RULE: Rule =
    Rule::error("ACG305", "ge-mixed-run-modes", &[], "a graph of a session is run in two ways");

/// The finding at the run.
pub(crate) fn finding(call: u32, graph: i64, first: (u32, &str), function: &str) -> Finding {
    Finding::new(&RULE, call, format!("graph {graph} is run by {function} after {}", first.1))
        .label(first.0, "the first run fixes how the graph is run")
        .help("run a graph in one way only, or add it under a second number")
}
