//! What an offline model reads or writes is used before its execution is complete.
//!
//! **Fires** where work on another stream or the host reads what an execution writes, writes what it uses, or frees it, and neither stream
//! order, nor an event, nor a synchronisation makes that wait for the execution.
//!
//! **Sound because** `aclmdlExecuteAsync` delivers a task and returns (capture-rules, section 14.2, ACG320); the order is that of the
//! timeline, which assumes too much order rather than too little.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::BufferId;

use super::ge_result_before_sync;
use crate::timeline::Timeline;
use crate::trace::{Touch, Trace};
use crate::units::{UnitId, What};
use crate::words::bytes;

/// ACG320.
pub static RULE: Rule = Rule::silent(
    "ACG320",
    "mdl-no-sync",
    "memory of an offline model is used before its execution is complete",
);

/// A call touches what a run uses and does not come after it.
pub(crate) fn at_touch(
    timeline: &mut Timeline<'_, '_, '_>,
    call: u32,
    touch: &Touch,
    running: UnitId,
    run: u32,
) {
    let trace = timeline.trace;
    let rule = rule(trace, running);
    timeline.report.add_with(rule, None, || {
        let (name, unit) = (trace.buffer_name(touch.buffer), trace.units.words(running, trace.log));
        let (range, caller) = (bytes(&trace.extent(touch), touch.is_exact()), trace.call_name(call));
        let message = if touch.writes() {
            format!("{caller} writes {name}{range} while {unit}, which uses it, may still run")
        } else {
            format!("{caller} reads {name}{range}, which {unit} writes and may not have written yet")
        };
        explained(trace, Finding::new(rule, call, message), &unit, run)
    });
}

/// A call gives back memory that a run uses.
pub(crate) fn at_free(
    timeline: &mut Timeline<'_, '_, '_>,
    call: u32,
    buffer: BufferId,
    running: UnitId,
    run: u32,
) {
    let trace = timeline.trace;
    let rule = rule(trace, running);
    timeline.report.add_with(rule, None, || {
        let (name, unit) = (trace.buffer_name(buffer), trace.units.words(running, trace.log));
        let message = format!("{name} is freed while {unit}, which uses it, may still run");
        explained(trace, Finding::new(rule, call, message), &unit, run)
    });
}

fn rule(trace: &Trace<'_, '_>, unit: UnitId) -> &'static Rule {
    match trace.units.unit(unit).what {
        What::Model(_) => &RULE,
        What::Graph { .. } => &ge_result_before_sync::RULE,
    }
}

fn explained(trace: &Trace<'_, '_>, finding: Finding, unit: &str, run: u32) -> Finding {
    let caller = trace.call_name(run);
    finding
        .label(run, format!("{unit} runs here, asynchronously"))
        .note(format!("{caller} returns before the run is complete."))
        .help("call aclrtSynchronizeStream for the stream of the run first, or put this behind it on that stream")
}
