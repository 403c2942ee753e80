//! A graph is added to a session under a number that it has already.
//!
//! **Fires** at an `AddGraph` for a number that was added and not removed.
//!
//! **Sound because** only the first is kept (capture-rules, section 14.1, ACG307).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG307.
pub static RULE: Rule =
    Rule::silent("ACG307", "ge-duplicate-id", "two graphs are added to a session under one number");

/// The finding at the second addition.
pub(crate) fn finding(call: u32, graph: i64, first: u32) -> Finding {
    Finding::new(&RULE, call, format!("graph {graph} is in the session already, and this one is not kept"))
        .label(first, "the one that is kept")
        .help("give the graph another number")
}
