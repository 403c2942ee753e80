//! An offline model is given memory from a source that it does not take.
//!
//! **Fires** at an execution for an input or output that lies in memory of `malloc` that is never registered.
//!
//! **Sound because** the documents list the allocators: `aclrtMalloc` and its variants, `aclrtMallocHost` and those of media processing
//! (capture-rules, section 14.2, ACG324).

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::Place;
use rustc_hash::FxHashSet;

use crate::report::Report;
use crate::trace::Trace;

/// ACG324.
pub static RULE: Rule = Rule::silent(
    "ACG324",
    "mdl-memory-kind",
    "an input or output of an offline model lies in memory that ACL did not allocate",
);

/// Looks at the memory of every execution, once for each model and allocation.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    for (id, unit) in trace.units.iter() {
        let mut told = FxHashSet::default();
        for &call in &unit.calls {
            if !matches!(trace.log[CallId(call)].api, Api::MdlExecute | Api::MdlExecuteAsync) {
                continue;
            }
            for touch in trace.touches(call) {
                let buffer = &trace.state.buffers[touch.buffer];
                let is_foreign =
                    buffer.place == Place::Pageable && !trace.units.registered.contains(&buffer.name);
                if is_foreign && told.insert(touch.buffer) {
                    let (model, name) = (trace.units.words(id, trace.log), trace.buffer_name(touch.buffer));
                    let side = if touch.writes() { "an output" } else { "an input" };
                    let finding = Finding::new(
                        &RULE,
                        call,
                        format!("{model} has {side} in {name}, which is memory of malloc"),
                    )
                    .label(buffer.made_by, format!("{name} is allocated here"))
                    .help("allocate it with aclrtMalloc, and copy to and from it");
                    report.add(None, finding);
                }
            }
        }
    }
}
