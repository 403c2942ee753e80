//! A graph is compiled, loaded or run that the session does not have.
//!
//! **Fires** at the first such call of an id that was not added, or was removed, in a session that the log makes.
//!
//! **Sound because** a session knows the graphs that were added to it and no others (capture-rules, section 14.1, ACG306).

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;
use crate::units::What;

/// ACG306.
pub static RULE: Rule = Rule::error(
    "ACG306",
    "ge-unknown-graph",
    &[],
    "a graph is used that was not added to its session, or was removed from it",
);

/// Looks for graphs that were used without being added.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    for (id, unit) in trace.units.iter() {
        let What::Graph { session, .. } = unit.what else { continue };
        let is_whole = trace.units.sessions[session as usize].made_by.is_some();
        let uses = |&&call: &&u32| trace.log[CallId(call)].api != Api::GeRemoveGraph;
        let Some(&call) = unit.calls.iter().find(uses).filter(|_| is_whole && unit.made_by.is_none()) else {
            continue;
        };
        let graph = trace.units.words(id, trace.log);
        let finding = match unit.after {
            Some(removed) => {
                Finding::new(&RULE, call, format!("{graph} was removed")).label(removed, "it is removed here")
            }
            None => Finding::new(&RULE, call, format!("{graph} was not added")),
        };
        let note = "The documents say that the call fails.";
        report.add(None, finding.note(note).help("add it with AddGraph before its first use"));
    }
}
