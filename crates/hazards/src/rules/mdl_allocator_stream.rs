//! An offline model is executed on a stream without an allocator, in a program that registers one for another stream.
//!
//! **Fires** at the first such execution of a model, if no allocator is registered for its stream and one is for another.
//!
//! **Sound because** `aclmdlExecuteAsync` uses the allocator of the stream that it is given (capture-rules, section 14.2, ACG327).

use std::collections::BTreeSet;

use acg_calls::{Api, CallId, Name};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use rustc_hash::FxHashMap;

use crate::report::Report;
use crate::trace::Trace;

/// ACG327.
pub static RULE: Rule = Rule::lint(
    "ACG327",
    "mdl-allocator-stream",
    "an offline model is executed on another stream than the allocator is registered for",
);

/// Follows allocators and executions in the order of the calls.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let mut allocators = trace.units.allocators.iter().copied().peekable();
    if allocators.peek().is_none() {
        return;
    }
    let executes = |&call: &u32| trace.log[CallId(call)].api == Api::MdlExecuteAsync;
    let mut executions: Vec<(u32, _)> = Vec::new();
    for (id, unit) in trace.units.iter() {
        executions.extend(unit.calls.iter().copied().filter(executes).map(|call| (call, id)));
    }
    executions.sort_unstable_by_key(|execution| execution.0);
    let mut registered: FxHashMap<Name, u32> = FxHashMap::default();
    let mut live: BTreeSet<u32> = BTreeSet::new();
    let mut told = vec![false; trace.units.len()];
    for (call, id) in executions {
        while let Some(change) = allocators.next_if(|&change| change < call) {
            let view = trace.log.view(CallId(change));
            match (view.api(), view.name(0)) {
                (Api::AllocatorRegister, Some(stream)) => {
                    live.insert(change);
                    registered.insert(stream, change).map(|before| live.remove(&before));
                }
                (Api::AllocatorUnregister, Some(stream)) => {
                    registered.remove(&stream).map(|before| live.remove(&before));
                }
                _ => {}
            }
        }
        let stream = trace.log.view(CallId(call)).name(3);
        let has_one = stream.is_some_and(|stream| registered.contains_key(&stream));
        let Some(&other) = live.last().filter(|_| !has_one) else { continue };
        if !std::mem::replace(&mut told[id.0 as usize], true) {
            let model = trace.units.words(id, trace.log);
            let finding =
                Finding::new(&RULE, call, format!("{model} is executed on a stream without an allocator"))
                    .label(other, "an allocator is registered for another stream")
                    .help("register the allocator for the stream of the execution");
            report.add(None, finding);
        }
    }
}
