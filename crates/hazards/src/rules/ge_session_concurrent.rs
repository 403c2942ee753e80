//! A session is used from more than one thread.
//!
//! **Fires** at the first call of a session on another thread than the call that made it.
//!
//! **Sound because** sessions are for one thread (capture-rules, section 14.1, ACG311).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG311.
pub static RULE: Rule =
    Rule::silent("ACG311", "ge-session-concurrent", "one session is used from several threads");

/// The finding at the call of the second thread.
pub(crate) fn finding(call: u32, function: &str, made: u32) -> Finding {
    Finding::new(
        &RULE,
        call,
        format!("{function} is called by another thread than the one that made the session"),
    )
    .label(made, "made here")
    .help("use a session on one thread, or give each thread a session of its own")
}
