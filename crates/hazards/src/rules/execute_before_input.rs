//! A graph starts before eager work on another stream has done with memory that the graph uses.
//!
//! **Fires** at an execution if work issued earlier on another stream writes bytes that the graph uses, or reads bytes that it
//! writes, and neither an event nor a synchronisation makes the execution wait for that work.
//!
//! **Sound because** streams run at once unless something orders them; the order is that of the
//! timeline. Of several such calls on one stream only the last is reported: to wait for it is enough.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::timeline::{Pending, Timeline};
use crate::trace::Touch;

/// ACG351.
pub static RULE: Rule = Rule::silent(
    "ACG351",
    "execute-before-input",
    "a graph is executed before work on another stream has done with its memory",
);

/// Looks for work that the execution does not wait for.
pub(crate) fn at_execute(timeline: &mut Timeline<'_, '_, '_>, call: u32, model: ModelId, lane: u32) {
    let Some(mut pending) = timeline.pending.remove(&model) else { return };
    // The latest first: what it waited for itself needs no edge of its own.
    pending.sort_by_key(|work| std::cmp::Reverse(work.call));
    let version = timeline.version_of(model);
    let varies = timeline.uses.kernels.vary(model);
    for work in pending {
        let touch = &timeline.trace.touches(work.call)[work.touch as usize];
        if varies && !timeline.uses.conflict_with(model, &version, touch, touch.writes()) {
            // It may matter to a later version.
            timeline.pending.entry(model).or_default().push(work);
            continue;
        }
        if !timeline.clocks.has_seen(lane, work.place) {
            if timeline.report.wants(&RULE, Some(model)) {
                let finding = finding(timeline, call, model, &work);
                timeline.report.push(finding);
            }
            timeline.clocks.join(lane, work.place);
        }
    }
}

/// Work on another stream touches what a run of an offline model or a graph of a session uses, and is not known to be complete.
pub(crate) fn at_run(timeline: &mut Timeline<'_, '_, '_>, call: u32, theirs: &Touch, earlier: u32) {
    let trace = timeline.trace;
    let Some(unit) = trace.units.of_call(call) else { return };
    timeline.report.add_with(&RULE, None, || {
        let (name, unit) = (trace.buffer_name(theirs.buffer), trace.units.words(unit, trace.log));
        let does = if theirs.writes() { "writes" } else { "reads" };
        let work = trace.call_name(earlier);
        Finding::new(&RULE, call, format!("{unit} may start before {work} on another stream {does} {name}, which {unit} uses"))
            .label(earlier, format!("{work} {does} {name} here, asynchronously"))
            .help(format!("synchronize the stream of {work} first, or let the stream of the run wait for an event recorded after {work}"))
    });
}

fn finding(timeline: &Timeline<'_, '_, '_>, call: u32, model: ModelId, work: &Pending) -> Finding {
    let trace = timeline.trace;
    let touch = trace.touches(work.call)[work.touch as usize];
    let (name, graph) = (trace.buffer_name(touch.buffer), trace.model_name(model));
    let does = if touch.writes() { "writes" } else { "reads" };
    let earlier = trace.call_name(work.call);
    let version = timeline.version_of(model);
    let first = timeline.uses.first_use(model, &version, touch.buffer).unwrap_or(call);
    Finding::new(&RULE, call, format!("{graph} may start before {earlier} on another stream {does} {name}, which {graph} uses"))
        .label(work.call, format!("{earlier} {does} {name} here, asynchronously"))
        .label(first, format!("this captured task uses {name}"))
        .help(format!("synchronize the stream of {earlier} before the execution, or let the executing stream wait for an event recorded after {earlier}"))
}
