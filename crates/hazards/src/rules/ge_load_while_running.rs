//! A graph is loaded or removed while it may still run.
//!
//! **Fires** at `LoadGraph` and `RemoveGraph` if a run of the graph on a stream was issued before that the host has not waited for.
//!
//! **Sound because** the call fails while the graph runs (capture-rules, section 14.1, ACG304), and nothing keeps it from running; the
//! order is that of the timeline.

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::timeline::{HOST, Timeline};
use crate::units::UnitId;

/// ACG304.
pub static RULE: Rule = Rule::error(
    "ACG304",
    "ge-load-while-running",
    &[],
    "a graph of a session is loaded or removed while it may still run",
);

/// Looks for runs that the host has not seen complete, and says whether there are any.
pub(crate) fn at_call(timeline: &mut Timeline<'_, '_, '_>, call: u32, unit: UnitId) -> bool {
    let open = timeline.runs_open_for(unit, HOST);
    let Some(flight) = open.first() else { return false };
    let trace = timeline.trace;
    let does = if trace.log[CallId(call)].api == Api::GeLoadGraph { "loaded" } else { "removed" };
    let graph = trace.units.words(unit, trace.log);
    let finding = Finding::new(&RULE, call, format!("{graph} is {does} while it may still run"))
        .label(flight.call, "nothing waits for this run")
        .note("The documents say that the call fails with GE_GRAPH_ALREADY_RUNNING while the graph runs.")
        .help("synchronize the stream of the run first");
    timeline.report.add(None, finding);
    for flight in open {
        timeline.mend(HOST, flight.place);
    }
    true
}
