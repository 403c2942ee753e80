//! An offline model is executed or unloaded in another context than it was loaded in.
//!
//! **Fires** at an execution or unloading if the thread's current context is not that of the first call about the model.
//!
//! **Sound because** loading, executing and unloading are to happen in one context (capture-rules, section 14.2, ACG323).

use acg_calls::CallId;
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ContextId;

use crate::report::Report;
use crate::trace::Trace;
use crate::units::What;

/// ACG323.
pub static RULE: Rule = Rule::silent(
    "ACG323",
    "mdl-context-differs",
    "an offline model is used in another context than it was loaded in",
);

/// Compares the context of each call about a model with that of the first one.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    for (id, unit) in trace.units.iter().filter(|(_, unit)| matches!(unit.what, What::Model(_))) {
        let Some((&first, others)) = unit.calls.split_first() else { continue };
        let home = context(trace, first);
        for &call in others.iter().filter(|&&call| context(trace, call) != home) {
            report.add_with(&RULE, None, || {
                let model = trace.units.words(id, trace.log);
                let api = trace.log[CallId(call)].api;
                Finding::new(
                    &RULE,
                    call,
                    format!("{api} is called in another context than {model} was first used in"),
                )
                .label(first, "its first use, in another context")
                .note("Loading, executing and unloading a model belong in one context.")
                .help("call aclrtSetCurrentContext with the context that the model was loaded in")
            });
        }
    }
}

fn context(trace: &Trace<'_, '_>, call: u32) -> Option<ContextId> {
    let made = &trace.state.context_of_call;
    made.binary_search_by_key(&call, |made| made.0).ok().map(|at| made[at].1)
}
