//! The graph engine is initialised a second time.
//!
//! **Fires** at a `GEInitializeV2` if the call of the engine before it is one too.
//!
//! **Sound because** a process has one instance, from `GEInitializeV2` to `GEFinalizeV2` (capture-rules, section 14.1, ACG301).

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG301.
pub static RULE: Rule =
    Rule::silent("ACG301", "ge-init-twice", "the graph engine is initialised again without being finalised");

/// Looks at each two calls of the engine that follow each other.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let initialises = |call: u32| trace.log[CallId(call)].api == Api::GeInitialize;
    for pair in trace.units.engine.windows(2) {
        let &[first, second] = pair else { continue };
        if initialises(first) && initialises(second) {
            let message = "GEInitializeV2 is called again while the graph engine is initialised".to_owned();
            let finding = Finding::new(&RULE, second, message)
                .label(first, "it is initialised here")
                .note("A process has one instance of the graph engine; the options of the second call are not to be relied on.")
                .help("initialise it once, or call GEFinalizeV2 in between");
            report.add(None, finding);
        }
    }
}
