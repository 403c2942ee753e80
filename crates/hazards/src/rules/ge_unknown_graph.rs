//! A graph is compiled, loaded, run or removed that the session does not have.
//!
//! **Fires** at a call for a number that no `AddGraph` gave, or that `RemoveGraph` took.
//!
//! **Sound because** such a call fails (capture-rules, section 14.1, ACG306).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG306.
pub static RULE: Rule =
    Rule::error("ACG306", "ge-unknown-graph", &[], "a graph is used that the session does not have");

/// The finding at the call.
pub(crate) fn finding(call: u32, function: &str, graph: i64, removed: Option<u32>) -> Finding {
    let finding =
        Finding::new(&RULE, call, format!("{function} names graph {graph}, which the session does not have"));
    match removed {
        Some(removed) => finding.label(removed, "removed here").help("add the graph again first"),
        None => finding.help("add the graph to the session first"),
    }
}
