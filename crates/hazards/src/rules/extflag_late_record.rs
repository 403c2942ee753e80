//! A graph that waits with the external flag is executed before anybody has recorded the event.
//!
//! **Fires** at the first such execution of a graph if no call before it records the event at once and no graph that was executed
//! before it records it.
//!
//! **Sound because** an execution looks for the newest record on the host at the moment of the call, and with none the wait
//! passes at once (capture-rules, section 3.3, ACG079); a log shows the host's calls in their order.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{EventId, ModelId, Work};
use rustc_hash::FxHashSet;

use crate::model_use::Uses;
use crate::report::Report;
use crate::trace::{Action, Trace};

/// ACG079.
pub static RULE: Rule = Rule::silent(
    "ACG079",
    "extflag-late-record",
    "a graph waits with the external flag for an event that nobody has recorded yet",
)
.since("9.2.0-beta.1");

/// Looks for executions whose external waits pass at once.
pub(crate) fn check(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>, report: &mut Report) {
    let mut recorded: FxHashSet<EventId> = FxHashSet::default();
    let mut told: FxHashSet<(ModelId, EventId)> = FxHashSet::default();
    for step in &trace.steps {
        match step.action {
            Action::Record { event, .. } => {
                recorded.insert(event);
            }
            Action::Execute { model, .. } => {
                let graph = &uses[model];
                for &event in graph.flagged_waits.iter().filter(|event| !recorded.contains(event)) {
                    if told.insert((model, event)) {
                        report.add(Some(model), finding(trace, step.call, model, event));
                    }
                }
                recorded.extend(&graph.external_records);
            }
            _ => {}
        }
    }
}

fn finding(trace: &Trace<'_, '_>, call: u32, model: ModelId, event: EventId) -> Finding {
    let (name, graph) = (trace.event_name(event), trace.model_name(model));
    let finding = Finding::new(
        &RULE,
        call,
        format!("{graph} does not wait for {name}: nobody has recorded it when the graph is executed"),
    );
    let waits = |work: Work| matches!(work, Work::FlaggedWait(waited) if waited == event);
    let wait = trace.nodes.iter().find(|node| trace.tasks(node).any(|task| waits(task.work)));
    let finding = match wait {
        Some(node) => finding.label(node.call, format!("the captured wait for {name}")),
        None => finding,
    };
    finding
        .note("An execution takes the newest record there is at the moment of the call, and passes where there is none.")
        .help(format!("record {name} before aclmdlRIExecuteAsync"))
}
