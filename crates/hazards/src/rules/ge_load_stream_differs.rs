//! A graph runs on another stream than the one it is being loaded on.
//!
//! **Fires** at a `RunGraphWithStreamAsync` if the graph was loaded on another stream, by `LoadGraph` or by its first run, and neither an
//! event nor a synchronisation makes this run wait for that.
//!
//! **Sound because** loading puts work on its stream (capture-rules, section 14.1, ACG308); the order is that of the timeline.

use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::timeline::Timeline;
use crate::units::UnitId;

/// ACG308.
pub static RULE: Rule = Rule::silent(
    "ACG308",
    "ge-load-stream-differs",
    "a graph runs on another stream than it is loaded on, without waiting for the loading",
);

/// Looks for a load that the run does not come after.
pub(crate) fn at_run(timeline: &mut Timeline<'_, '_, '_>, call: u32, unit: UnitId, lane: u32) {
    let Some(load) = timeline.load_of(unit) else { return };
    if timeline.clocks.has_seen(lane, load.place) {
        return;
    }
    let trace = timeline.trace;
    let graph = trace.units.words(unit, trace.log);
    let finding = Finding::new(
        &RULE,
        call,
        format!("{graph} runs on another stream than it is loaded on, and may start before it is loaded"),
    )
    .label(load.call, "it is loaded on another stream here")
    .help("run it on the stream that it is loaded on, or synchronize that stream first");
    timeline.report.add(None, finding);
    timeline.mend(lane, load.place);
}
