//! A session is used while the graph engine is not initialised.
//!
//! **Fires** at the first call of each session, its destructor left out, before which there is no `GEInitializeV2`, or a
//! `GEFinalizeV2` after it.
//!
//! **Sound because** every session call fails without it (capture-rules, section 14.1, ACG300); the log is taken to be a whole
//! program, as everywhere.

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG300.
pub static RULE: Rule = Rule::error(
    "ACG300",
    "ge-not-initialized",
    &[],
    "a session is used while the graph engine is not initialised",
);

/// Looks at the first call of each session that the engine refuses.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let (log, units) = (trace.log, trace.units);
    let is_refused = |call: u32| {
        let engine = units.engine_before(call);
        log[CallId(call)].api != Api::GeSessionDelete
            && engine.is_none_or(|engine| log[CallId(engine)].api == Api::GeFinalize)
    };
    for session in &units.sessions {
        let Some(&call) = session.calls.iter().find(|&&call| is_refused(call)) else { continue };
        let name = log.text(session.name);
        let finding = match units.engine_before(call) {
            Some(finalized) => Finding::new(&RULE, call, format!("{name} is used after GEFinalizeV2"))
                .label(finalized, "the graph engine is finalised here")
                .help("call GEFinalizeV2 after the last call of every session"),
            None => Finding::new(&RULE, call, format!("{name} is used before GEInitializeV2"))
                .help("call GEInitializeV2 first, once in the process"),
        };
        report
            .add(None, finding.note("The documents say that the call fails with FAILED and message E10062."));
    }
}
