//! A session is made or used while the graph engine is not initialized.
//!
//! **Fires** at a call of a session before `GEInitializeV2`, or after `GEFinalizeV2`.
//!
//! **Sound because** such a call fails (capture-rules, section 14.1, ACG300).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG300.
pub static RULE: Rule =
    Rule::error("ACG300", "ge-not-initialized", &[], "the graph engine is used before it is initialized");

/// The finding at a call of a session.
pub(crate) fn finding(call: u32, function: &str) -> Finding {
    Finding::new(&RULE, call, format!("{function} is called while the graph engine is not initialized"))
        .help("call GEInitializeV2 before the first session and GEFinalizeV2 after the last")
}
