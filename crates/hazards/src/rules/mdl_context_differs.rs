//! An offline model is executed or unloaded in another context than it was loaded in.
//!
//! **Fires** at an execution or an unloading whose thread has another current context than that of the loading had.
//!
//! **Sound because** the three belong into one context (capture-rules, section 14.2, ACG323).

use acg_diagnostics::Rule;
use acg_runtime::Finding;

/// ACG323.
pub static RULE: Rule = Rule::silent(
    "ACG323",
    "mdl-context-differs",
    "an offline model is loaded, executed and unloaded in different contexts",
);

/// The finding at the execution or unloading.
pub(crate) fn finding(call: u32, function: &str, model: &str, loaded: u32) -> Finding {
    Finding::new(
        &RULE,
        call,
        format!("{function} of {model} is called in another context than it was loaded in"),
    )
    .label(loaded, "loaded here")
    .help("set the context of the loading on this thread first")
}
