//! A graph whose capture ended well is never destroyed.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;

/// ACG216.
pub static RULE: Rule = Rule::lint("ACG216", "destroy-missing", "a graph is never destroyed");

/// Looks for graphs that are left when the log ends.
pub(crate) fn look(m: &mut Machine<'_>) {
    for model in m.state.models.keys() {
        let graph = &m.state.models[model];
        let Some(end) = graph.ended_by.filter(|&end| !m.was_refused(end)) else { continue };
        if graph.destroyed_by.is_some() || graph.is_branch() {
            continue;
        }
        let name = m.model_name(model);
        let finding = Finding::new(&RULE, end, format!("{name} is never destroyed"))
            .note("Its streams, events and its number stay taken until the process ends.")
            .help(format!("call aclmdlRIDestroy({name}) when it is no longer executed"));
        m.report(finding);
    }
}
