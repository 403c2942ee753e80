//! An offline model is executed on a stream while it may still run on another.
//!
//! **Fires** at an `aclmdlExecuteAsync` that nothing makes wait for an execution of the same model on another stream.
//!
//! **Sound because** executions of one model share its memory (capture-rules, section 14.2, ACG321); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG321.
pub static RULE: Rule =
    Rule::silent("ACG321", "mdl-same-id-multi-stream", "an offline model is executed on two streams at once");

/// The finding at the second execution.
pub(crate) fn finding(call: u32, model: &str, first: u32) -> Finding {
    Finding::new(&RULE, call, format!("{model} is executed while it may still run on another stream"))
        .label(first, "this execution may still run")
        .help(
            "execute a model on one stream, wait for the other stream with an event, or load the model twice",
        )
}
