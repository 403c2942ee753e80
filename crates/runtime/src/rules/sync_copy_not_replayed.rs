//! A blocking memory call that the mode allows during a capture: it runs at capture time only.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;

/// ACG094.
pub static RULE: Rule = Rule::silent(
    "ACG094",
    "sync-copy-not-replayed",
    "a blocking copy during a capture runs once and is not in the graph",
);

/// Looks for a blocking call while the context has a capture.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>) {
    let context = m.state.threads[m.thread].context;
    if m.state.contexts[context].strictest().is_none() {
        return;
    }
    let mut used = [0, 2].into_iter().filter_map(|position| m.buffer_at(c, position));
    let by_live_capture = |buffer| {
        let (task, model) = m.state.buffers[buffer].user?;
        m.state.models[model].is_capturing().then_some((buffer, task))
    };
    let Some((buffer, task)) = used.find_map(by_live_capture) else { return };
    let name = m.buffer_name(buffer);
    let finding = m
        .finding(
            &RULE,
            format!("this runs once, at capture time: the graph uses {name} too and does not repeat it"),
        )
        .label(task, format!("a captured task uses {name}"))
        .help("use an asynchronous copy on a stream of the capture if each execution needs it");
    m.report(finding);
}
