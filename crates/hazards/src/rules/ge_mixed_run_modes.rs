//! A graph is run in another way than the first time.
//!
//! **Fires** at a run of a graph by another of `RunGraph`, `RunGraphAsync` and `RunGraphWithStreamAsync` than its first run.
//!
//! **Sound because** the first run fixes the way for the graph's id, even one that failed (capture-rules, section 14.1, ACG305).

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG305.
pub static RULE: Rule =
    Rule::error("ACG305", "ge-mixed-run-modes", &[], "one graph of a session is run in several ways");

/// Compares each run of a graph with its first one.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let api = |call: u32| trace.log[CallId(call)].api;
    for (id, unit) in trace.units.iter() {
        let is_run = |&&call: &&u32| {
            matches!(api(call), Api::GeRunGraph | Api::GeRunGraphAsync | Api::GeRunGraphWithStreamAsync)
        };
        let mut runs = unit.calls.iter().filter(is_run);
        let Some(&first) = runs.next() else { continue };
        for &call in runs.filter(|&&call| api(call) != api(first)) {
            report.add_with(&RULE, None, || {
                let graph = trace.units.words(id, trace.log);
                let (first_way, way) = (method(api(first)), method(api(call)));
                Finding::new(
                    &RULE,
                    call,
                    format!("{graph} is run by {way}, and was run by {first_way} before"),
                )
                .label(first, format!("this run fixes {first_way} for {graph}, even if it fails"))
                .note("The documents say that the call fails with FAILED or UNSUPPORTED and message E10062.")
                .help(format!(
                    "use {first_way} for all runs, or add the graph under another id with AddGraphClone"
                ))
            });
        }
    }
}

/// The method's name without its class.
fn method(api: Api) -> &'static str {
    api.as_str().rsplit(':').next().unwrap_or_default()
}
