//! Two threads execute one offline model, and no lock covers refreshing its input and executing it.
//!
//! **Fires** at an execution by a second thread, if the two threads hold no lock in common; and at one whose input its thread wrote outside of the section that it is executed in.
//!
//! **Sound because** another thread may refresh the memory in between, in some interleaving if not in this one (capture-rules, section 14.2, ACG322).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG322.
pub static RULE: Rule = Rule::silent(
    "ACG322",
    "mdl-shared-without-lock",
    "threads share an offline model without one lock around refreshing and executing it",
);

/// The finding where threads hold no lock in common.
pub(crate) fn no_lock(call: u32, model: &str, other: u32) -> Finding {
    Finding::new(&RULE, call, format!("{model} is executed by two threads that hold no lock in common"))
        .label(other, "another thread executes it here")
        .help("hold one lock in every thread from refreshing the inputs up to the execution")
}

/// The finding where the input is refreshed outside of the section that the model is executed in.
pub(crate) fn split(call: u32, model: &str, refreshed: u32) -> Finding {
    Finding::new(
        &RULE,
        call,
        format!("the lock is released between refreshing the input of {model} and executing it"),
    )
    .label(refreshed, "refreshed here, under another locking or none")
    .help("hold the lock from refreshing the inputs up to the execution")
}
