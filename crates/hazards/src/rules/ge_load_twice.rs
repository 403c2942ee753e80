//! A graph of a session is loaded that is loaded already.
//!
//! **Fires** at a `LoadGraph` of a graph that a `LoadGraph` or a run on a stream has loaded.
//!
//! **Sound because** the call refuses a repetition; a run on a stream loads what is not loaded (capture-rules, section 14.1, ACG302 and ACG303).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG303.
pub static RULE: Rule = Rule::error("ACG303", "ge-load-twice", &[], "a graph of a session is loaded twice");

/// The finding at the second load.
pub(crate) fn finding(call: u32, graph: i64, first: u32) -> Finding {
    Finding::new(&RULE, call, format!("graph {graph} is loaded already"))
        .label(first, "loaded here")
        .help("load a graph once, before its first run")
}
