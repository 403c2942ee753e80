//! An offline model is unloaded before its last execution is known to be complete.
//!
//! **Fires** at an `aclmdlUnload` after an `aclmdlExecuteAsync` that the host has not waited for.
//!
//! **Sound because** an execution uses the memory of the model (capture-rules, section 14.2, ACG326); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG326.
pub static RULE: Rule =
    Rule::silent("ACG326", "mdl-unload-in-flight", "an offline model is unloaded while it may still run");

/// The finding at the unloading.
pub(crate) fn finding(call: u32, model: &str, execution: u32) -> Finding {
    Finding::new(&RULE, call, format!("{model} is unloaded while it may still run"))
        .label(execution, "nothing waits for this execution")
        .help("synchronize the stream of the execution first")
}
