//! A graph is loaded that is loaded already.
//!
//! **Fires** at a `LoadGraph` if there was one for the graph before, or a run on a stream, which loads a graph that is not. Where a run
//! may still be going on, ACG304 says so instead.
//!
//! **Sound because** the call fails (capture-rules, section 14.1, ACG303 and ACG302); `RemoveGraph` ends a graph.

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::timeline::Timeline;
use crate::units::UnitId;

/// ACG303.
pub static RULE: Rule =
    Rule::error("ACG303", "ge-load-twice", &[], "a graph of a session is loaded a second time");

/// Looks for the call that loaded the graph.
pub(crate) fn at_load(timeline: &mut Timeline<'_, '_, '_>, call: u32, unit: UnitId) {
    let Some(loaded) = timeline.loaded_by(unit) else { return };
    let trace = timeline.trace;
    timeline.report.add_with(&RULE, None, || {
        let graph = trace.units.words(unit, trace.log);
        let by = match trace.log[CallId(loaded)].api {
            Api::GeLoadGraph => "it is loaded here",
            _ => "this run loads it, because nothing did before",
        };
        Finding::new(&RULE, call, format!("{graph} is loaded already"))
            .label(loaded, by)
            .note("The documents say that the call fails with GE_GRAPH_REPEAT_OPERATION.")
            .help("load a graph once, before its first run")
    });
}
