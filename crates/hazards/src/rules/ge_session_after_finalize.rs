//! A session is deleted after the graph engine was finalized.
//!
//! **Fires** at a destructor of a session behind `GEFinalizeV2`.
//!
//! **Sound because** the order is session first, engine last (capture-rules, section 14.1, ACG312).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG312.
pub static RULE: Rule =
    Rule::lint("ACG312", "ge-session-after-finalize", "a session outlives the graph engine");

/// The finding at the destructor.
pub(crate) fn finding(call: u32, finalized: u32) -> Finding {
    Finding::new(&RULE, call, "the session outlives the graph engine".to_owned())
        .label(finalized, "finalized here")
        .help("delete all sessions before GEFinalizeV2")
}
