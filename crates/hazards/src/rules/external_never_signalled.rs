//! A graph that waits for an EXTERNAL event is executed, and nobody ever records the event.
//!
//! **Fires** at the first execution of a graph that waits for an EXTERNAL event if no call of the whole log records the event at
//! once and no graph that is executed records it.
//!
//! **Sound because** an EXTERNAL event belongs to the process, so the log shows every record of it: the execution hangs until
//! it times out (capture-rules, section 3.2, ACG068).

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{EventId, Work};
use rustc_hash::FxHashSet;

use crate::model_use::Uses;
use crate::report::Report;
use crate::trace::{Action, Trace};

/// ACG068.
pub static RULE: Rule = Rule::silent(
    "ACG068",
    "external-never-signalled",
    "a graph that waits for an EXTERNAL event is executed and nobody records the event",
);

/// Looks for executions that wait for ever.
pub(crate) fn check(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>, report: &mut Report) {
    let mut recorded: FxHashSet<EventId> = FxHashSet::default();
    for step in &trace.steps {
        if let Action::Record { event, .. } = step.action {
            recorded.insert(event);
        }
    }
    for (model, used) in uses.iter() {
        if !trace.executions(model).is_empty() {
            recorded.extend(&used.external_records);
        }
    }
    for (model, used) in uses.iter() {
        let Some(&call) = trace.executions(model).first() else { continue };
        for &event in used.external_waits.iter().filter(|event| !recorded.contains(event)) {
            let (name, graph) = (trace.event_name(event), trace.model_name(model));
            let finding = Finding::new(
                &RULE,
                call,
                format!("{graph} waits for {name}, which nobody records: the execution hangs"),
            );
            let finding = match waiting_call(trace, event) {
                Some(wait) => finding.label(wait, format!("the captured wait for {name}")),
                None => finding,
            };
            let help =
                format!("record {name} on another stream after the execution is issued, once per execution");
            report.add(Some(model), finding.help(help));
        }
    }
}

fn waiting_call(trace: &Trace<'_, '_>, event: EventId) -> Option<u32> {
    let waits = |work: Work| matches!(work, Work::ExternalWait(waited) if waited == event);
    trace.nodes.iter().find(|node| trace.tasks(node).any(|task| waits(task.work))).map(|node| node.call)
}
