//! The graph engine is initialized a second time.
//!
//! **Fires** at a `GEInitializeV2` after one that `GEFinalizeV2` has not ended.
//!
//! **Sound because** there is one instance for a process (capture-rules, section 14.1, ACG301).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG301.
pub static RULE: Rule = Rule::silent("ACG301", "ge-init-twice", "the graph engine is initialized twice");

/// The finding at the second call.
pub(crate) fn finding(call: u32, first: u32) -> Finding {
    Finding::new(&RULE, call, "the graph engine is initialized a second time".to_owned())
        .label(first, "initialized here")
        .help("initialize it once for the process")
}
