//! What a graph of a session reads or writes is used before the run is complete.
//!
//! **Fires** where work on another stream or the host reads what a run writes, writes what it uses, or frees it, and neither stream order, nor
//! an event, nor a synchronisation makes that wait for the run.
//!
//! **Sound because** `RunGraphWithStreamAsync` returns before the graph has run (capture-rules, section 14.1, ACG310); the order is that
//! of the timeline. The condition is that of ACG320, which says the same of offline models.

use acg_diagnostics::Rule;

/// ACG310.
pub static RULE: Rule = Rule::silent(
    "ACG310",
    "ge-result-before-sync",
    "memory of a graph of a session is used before its run is complete",
);
