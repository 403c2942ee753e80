//! A blocking memory call during a capture, on memory that the graph uses.
//!
//! **Fires** where a blocking copy or fill succeeds between begin and end of a capture that ended well, and touches bytes that a
//! task of that graph reads or writes.
//!
//! **Sound because** the call is not a task: it runs once, when it is made, and no execution repeats it (capture-rules, section
//! 5, ACG094). It is a lint because that may be what the program wants.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::ModelId;

use crate::model_use::Uses;
use crate::report::Report;
use crate::trace::{Touch, Trace};

/// ACG094.
pub static RULE: Rule = Rule::lint(
    "ACG094",
    "sync-copy-not-replayed",
    "a blocking copy during a capture runs once and is not in the graph",
);

/// Looks for blocking calls beside captures.
pub(crate) fn check(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>, report: &mut Report) {
    for &(call, model) in &trace.beside {
        if trace.ended_by(model).is_none() {
            continue;
        }
        let version = uses.kernels.captured(model);
        let shared = trace.touches(call).iter().find(|touch| uses.conflict_with(model, version, touch, true));
        if let Some(touch) = shared {
            report.add(Some(model), finding(trace, uses, call, model, touch));
        }
    }
}

fn finding(
    trace: &Trace<'_, '_>,
    uses: &Uses<'_, '_, '_>,
    call: u32,
    model: ModelId,
    touch: &Touch,
) -> Finding {
    let (name, graph) = (trace.buffer_name(touch.buffer), trace.model_name(model));
    let (does, whole) = if touch.writes() { ("writes", "written") } else { ("reads", "read") };
    let version = uses.kernels.captured(model);
    let task = uses.first_use(model, version, touch.buffer).unwrap_or(call);
    let when = if task < call { "uses" } else { "will use" };
    Finding::new(
        &RULE,
        call,
        format!("{} {does} {name} once, at capture time; {graph} {when} {name} at each execution", trace.call_name(call)),
    )
    .label(task, format!("a captured task uses {name}"))
    .note(format!("{name} is not {whole} again when {graph} is executed."))
    .help("use the asynchronous call on a stream of the capture if each execution needs it, or make the call before the capture begins")
}
