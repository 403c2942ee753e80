//! What an offline model writes is read before the execution is known to be complete.
//!
//! **Fires** where the host or another stream reads an output of an `aclmdlExecuteAsync` that nothing makes it wait for.
//!
//! **Sound because** the call returns before the model has run (capture-rules, section 14.2, ACG320); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG320.
pub static RULE: Rule = Rule::silent(
    "ACG320",
    "mdl-no-sync",
    "an output of an offline model is read before the execution is complete",
);

/// The finding at a call that reads.
pub(crate) fn finding(call: u32, execution: u32, reader: &str, buffer: &str) -> Finding {
    Finding::new(&RULE, call, format!("{reader} reads {buffer}, which the model may not have written yet"))
        .label(execution, "the model is executed asynchronously")
        .help("synchronize the stream of the execution first")
}
