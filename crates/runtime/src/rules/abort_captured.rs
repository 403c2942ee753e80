//! A captured graph is aborted.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::ModelId;

/// ACG219.
pub static RULE: Rule =
    Rule::lint("ACG219", "abort-captured", "a captured graph is aborted, which the documents rule out");

/// Looks for a captured graph; a branch is ACG191.
pub(crate) fn look(m: &mut Machine<'_>, model: ModelId) {
    if !m.state.models[model].is_captured() {
        return;
    }
    let (name, made) = (m.model_name(model), m.state.models[model].made_by);
    let finding = m
        .finding(
            &RULE,
            format!("{name} was captured, and aclmdlRIAbort is documented for graphs of the build API only"),
        )
        .label(made, "its capture begins here")
        .note("This release of the runtime lets it pass.")
        .help("synchronize the stream that executes the graph, or stop that stream");
    m.report(finding);
}
