//! Parts of one allocation are used as inputs or outputs of an offline model without the distances that the allocator asks for.
//!
//! **Fires** at an execution for a part of device memory that starts on no multiple of 64 bytes, and for one whose successor in the same
//! execution starts before its length, rounded up to 32 bytes and 32 more, is over.
//!
//! **Sound because** the pages of `aclrtMalloc` and its variants say so for memory that a program divides (capture-rules, section 14.2,
//! ACG325); a part whose length the log does not tell is taken to have one byte.

use acg_calls::{Api, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::BufferId;
use rustc_hash::FxHashSet;

use crate::report::Report;
use crate::trace::{Touch, Trace};

/// What a part must start on a multiple of, in bytes.
const START: u64 = 64;
/// What its length is rounded up to, and what is added.
const PADDING: u64 = 32;

/// ACG325.
pub static RULE: Rule = Rule::lint(
    "ACG325",
    "mdl-suballoc-alignment",
    "a part of an allocation is too close to its neighbour, or not aligned, for an offline model",
);

/// Looks at the parts that every execution uses, once for each model and allocation.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    for (id, unit) in trace.units.iter() {
        let mut told: FxHashSet<BufferId> = FxHashSet::default();
        for &call in &unit.calls {
            if !matches!(trace.log[CallId(call)].api, Api::MdlExecute | Api::MdlExecuteAsync) {
                continue;
            }
            for (touch, message) in wrong_parts(trace, call) {
                if told.insert(touch.buffer) {
                    let (model, name) = (trace.units.words(id, trace.log), trace.buffer_name(touch.buffer));
                    let finding = Finding::new(&RULE, call, format!("{model} uses {name} at byte {}, {message}", trace.bounds(&touch).0))
                        .label(trace.state.buffers[touch.buffer].made_by, format!("{name} is allocated here"))
                        .note("A program that divides an allocation itself keeps the alignment and the padding that the allocator would have given each part.")
                        .help("start each part on a multiple of 64 bytes, and leave its length rounded up to 32 bytes, and 32 more, before the next");
                    report.add(None, finding);
                }
            }
        }
    }
}

/// The parts that break the distances, and how.
fn wrong_parts(trace: &Trace<'_, '_>, call: u32) -> Vec<(Touch, &'static str)> {
    let divided = |touch: &&Touch| {
        let made_by = trace.state.buffers[touch.buffer].made_by;
        let api = trace.log.calls().get(made_by as usize).map(|call| call.api);
        matches!(api, Some(Api::Malloc | Api::MallocAlign32 | Api::MallocCached | Api::MallocWithCfg))
    };
    let mut parts: Vec<Touch> = trace.touches(call).iter().filter(divided).copied().collect();
    parts.sort_by_key(|part| (part.buffer, trace.bounds(part).0));
    let mut wrong: Vec<(Touch, &'static str)> = Vec::new();
    for part in parts.iter().filter(|part| !trace.bounds(part).0.is_multiple_of(START)) {
        wrong.push((*part, "which is no multiple of 64"));
    }
    for pair in parts.windows(2) {
        let [part, next] = pair else { continue };
        let ((start, end), (next_start, _)) = (trace.bounds(part), trace.bounds(next));
        let length = (end - start).div_ceil(PADDING) * PADDING + PADDING;
        let is_other = part.buffer == next.buffer && start != next_start && next_start >= end;
        if is_other && next_start - start < length {
            wrong.push((*next, "which leaves no padding behind the part before it"));
        }
    }
    wrong
}
