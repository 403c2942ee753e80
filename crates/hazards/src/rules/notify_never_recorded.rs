//! A graph that waits for a notify is executed, and nobody ever records the notify.
//!
//! **Fires** at the first execution of a graph that waits for a notify or count notify if no call of the whole log records it, and
//! no call asks for its number, by which another process could.
//!
//! **Sound because** the wait in the graph needs a record per execution (capture-rules, section 6, ACG114), and there is
//! not even one.

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::NotifyId;
use rustc_hash::FxHashSet;

use crate::report::Report;
use crate::trace::Trace;

/// ACG114.
pub static RULE: Rule = Rule::silent(
    "ACG114",
    "notify-never-recorded",
    "a graph that waits for a notify is executed and nobody records the notify",
);

/// Looks for executions that wait for ever.
pub(crate) fn check(trace: &Trace<'_, '_>, roots: &[acg_runtime::state::ModelId], report: &mut Report) {
    use acg_entity::Entity;
    // Another process records a notify by its number.
    if trace.notifies.is_empty() || trace.log.calls().iter().any(|call| call.api == Api::GetNotifyId) {
        return;
    }
    let api = |call: u32| trace.log[CallId(call)].api;
    let records = |call: u32| matches!(api(call), Api::RecordNotify | Api::CntNotifyRecord);
    let recorded: FxHashSet<NotifyId> =
        trace.notifies.iter().filter(|(call, _)| records(**call)).map(|(_, &notify)| notify).collect();
    let mut said: FxHashSet<NotifyId> = FxHashSet::default();
    for node in &trace.nodes {
        let Some(&notify) = trace.notifies.get(&node.call) else { continue };
        let model = roots[trace.model(node).index()];
        let Some(&execution) = trace.executions(model).first() else { continue };
        if records(node.call) || recorded.contains(&notify) || !said.insert(notify) {
            continue;
        }
        let name = trace.log.text(trace.state.notifies[notify].name);
        let graph = trace.model_name(model);
        let finding = Finding::new(
            &RULE,
            execution,
            format!("{graph} waits for {name}, which nobody records: the execution hangs"),
        )
        .label(node.call, format!("the captured wait for {name}"))
        .help(format!("record {name} on another stream of the graph, or outside of it once per execution"));
        report.add(Some(model), finding);
    }
}
