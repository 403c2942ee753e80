//! A graph waits for a value in memory that nothing writes.
//!
//! **Fires** at the first execution of a graph that waits for a value at an address if no call of the whole log writes any byte of
//! it, and every call's accesses are known.
//!
//! **Sound because** the word then holds whatever the memory held when it was allocated.

use acg_diagnostics::Rule;
use acg_entity::Entity;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::report::Report;
use crate::rules::uninitialized_read::Written;
use crate::trace::Trace;

/// ACG358.
pub static RULE: Rule =
    Rule::lint("ACG358", "unwritten-value-wait", "a graph waits for a value in memory that nothing writes");

/// Looks for words that nothing writes.
pub(crate) fn check(trace: &Trace<'_, '_>, roots: &[ModelId], written: &Written, report: &mut Report) {
    for node in &trace.nodes {
        for touch in trace.touches(node.call).iter().filter(|touch| touch.is_wait()) {
            let model = roots[trace.model(node).index()];
            let Some(&execution) = trace.executions(model).first() else { continue };
            if written.meets(trace, touch) {
                continue;
            }
            let (name, graph) = (trace.buffer_name(touch.buffer), trace.model_name(model));
            let finding = Finding::new(
                &RULE,
                execution,
                format!("{graph} waits for a value in {name}, which nothing writes"),
            )
            .label(node.call, "the captured wait")
            .help("write the value with aclrtValueWrite on another stream, or a copy or fill");
            report.add(Some(model), finding);
        }
    }
}
