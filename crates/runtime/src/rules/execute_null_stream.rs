//! A graph is executed with NULL for the stream.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::ModelId;

/// ACG204.
pub static RULE: Rule = Rule::silent(
    "ACG204",
    "execute-null-stream",
    "a graph is executed with NULL for the stream, which some drivers follow",
);

/// Says what NULL does.
pub(crate) fn look(m: &mut Machine<'_>, model: ModelId) {
    let name = m.model_name(model);
    let message = if m.state.target.has_software_queue {
        format!(
            "{name} is executed on no stream: with task queues in memory the runtime follows the null pointer"
        )
    } else {
        format!(
            "{name} is executed on the default stream here, and a runtime with task queues in memory follows the null pointer"
        )
    };
    let finding = m.finding(&RULE, message).help("give it a stream from aclrtCreateStream");
    m.report(finding);
}
