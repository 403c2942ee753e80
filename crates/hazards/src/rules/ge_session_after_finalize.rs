//! A session is deleted after the graph engine is finalised.
//!
//! **Fires** at the destructor of a session if the call of the engine before it is `GEFinalizeV2`.
//!
//! **Sound because** sessions are to be deleted first; the runtime warns and goes on (capture-rules, section 14.1, ACG312).

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG312.
pub static RULE: Rule = Rule::lint(
    "ACG312",
    "ge-session-after-finalize",
    "a session is deleted after the graph engine is finalised",
);

/// Looks at the destructor of each session.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let (log, units) = (trace.log, trace.units);
    for session in &units.sessions {
        let deletes = session.calls.iter().find(|&&call| log[CallId(call)].api == Api::GeSessionDelete);
        let Some(&call) = deletes else { continue };
        let finalized =
            units.engine_before(call).filter(|&engine| log[CallId(engine)].api == Api::GeFinalize);
        if let Some(finalized) = finalized {
            let name = log.text(session.name);
            let finding = Finding::new(&RULE, call, format!("{name} is deleted after GEFinalizeV2"))
                .label(finalized, "the graph engine is finalised here")
                .note("Outputs that the graph engine allocated do not outlive their session either.")
                .help(format!("delete {name} before GEFinalizeV2"));
            report.add(None, finding);
        }
    }
}
