//! Memory that a graph uses is given back while the graph can still be executed.
//!
//! **Fires** where an allocation is freed that a captured task reads or writes, and the graph is not destroyed before: the message
//! says whether an execution may still run at that moment, or a later one uses the memory, or neither.
//!
//! **Sound because** a graph keeps the addresses that it was captured with; they must stay valid until it is destroyed
//! (capture-rules, section 5, ACG095).

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{BufferId, ModelId};

use crate::kernels::Version;
use crate::timeline::{HOST, Timeline};

/// ACG095.
pub static RULE: Rule = Rule::lint(
    "ACG095",
    "memory-freed-early",
    "memory that a graph uses is freed before the graph is destroyed",
);

/// Looks for graphs that use the memory which a call frees.
pub(crate) fn at_free(timeline: &mut Timeline<'_, '_, '_>, call: u32, buffer: BufferId) {
    for model in timeline.users(buffer) {
        let graph = &timeline.trace.state.models[model];
        if graph.destroyed_by.is_some_and(|destroyed| destroyed < call) {
            continue;
        }
        // Updates may have left nothing of the graph that uses it.
        let Some(first) = first_use(timeline, buffer, model) else { continue };
        let finding = finding(timeline, call, buffer, model, first);
        timeline.report.add(Some(model), finding);
    }
}

/// The first call that makes the graph use the memory, as it is now or as it still runs.
fn first_use(timeline: &Timeline<'_, '_, '_>, buffer: BufferId, model: ModelId) -> Option<u32> {
    let first_use = |version: &Version| timeline.uses.first_use(model, version, buffer);
    let open = timeline.aloft.of(model).filter(|flight| !timeline.clocks.has_seen(HOST, flight.place));
    let running = open.filter_map(|flight| first_use(&flight.version));
    running.chain(first_use(&timeline.version_now(model))).min()
}

fn finding(
    timeline: &Timeline<'_, '_, '_>,
    call: u32,
    buffer: BufferId,
    model: ModelId,
    first: u32,
) -> Finding {
    let trace = timeline.trace;
    let (name, graph) = (trace.buffer_name(buffer), trace.model_name(model));
    let open = timeline.aloft.open(model, &timeline.clocks, HOST);
    let running = open.first();
    let later = trace.executions(model).iter().find(|&&execution| execution > call);
    let finding = match (running, later) {
        (Some(_), _) => {
            Finding::new(&RULE, call, format!("{name} is freed while {graph}, which uses it, may still run"))
        }
        (None, Some(_)) => Finding::new(
            &RULE,
            call,
            format!("{name} is freed, and {graph}, which uses it, is executed after that"),
        ),
        (None, None) => Finding::new(
            &RULE,
            call,
            format!("{name} is freed while {graph}, which uses it, can still be executed"),
        ),
    };
    let finding = finding.label(first, format!("this captured task uses {name}"));
    let finding = match (running, later) {
        (Some(flight), _) => {
            finding.label(flight.call, "nothing waits for this execution before the memory is freed")
        }
        (None, Some(&execution)) => finding.label(execution, "this execution uses the freed memory"),
        (None, None) => finding,
    };
    finding.note("A graph keeps the addresses that it was captured with.").help(format!(
        "synchronize the stream that executes {graph} and destroy {graph} before freeing {name}"
    ))
}
