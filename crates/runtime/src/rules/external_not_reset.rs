//! A graph waits for an EXTERNAL event and does not reset it afterwards, so its second execution does not wait.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;
use crate::state::{EventId, ModelId, Work};

/// ACG067.
pub static RULE: Rule =
    Rule::silent("ACG067", "external-not-reset", "a graph waits for an EXTERNAL event and never resets it");

/// Looks for waits of a graph that no reset follows, when it is executed.
pub(crate) fn look(m: &mut Machine<'_>, model: ModelId) {
    let graph = &m.state.models[model];
    if graph.executed_by.is_some() || !graph.waits_for_outside {
        return;
    }
    let mut waits: Vec<(EventId, u32)> = Vec::new();
    for &inner in &m.state.models[model].inners {
        for (_, task) in m.state.tasks_of(inner) {
            match task.work {
                Work::ExternalWait(event) => waits.push((event, task.call)),
                Work::ExternalReset(event) => waits.retain(|wait| wait.0 != event),
                _ => {}
            }
        }
    }
    for (event, call) in waits {
        let name = m.event_name(event);
        let finding = Finding::new(&RULE, call, format!("the graph waits for {name} and never resets it"))
            .label(m.call, "the graph is executed here; the next execution will not wait")
            .help(format!(
                "call aclrtResetEvent({name}, …) on the same stream after the wait, inside the capture"
            ));
        m.report(finding);
    }
}
