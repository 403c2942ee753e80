//! A graph id is given twice, or one `Graph` object has two ids.
//!
//! **Fires** at an `AddGraph` or `AddGraphClone` for an id that the session has, and at an `AddGraph` of an object, known by its name in
//! the log, that has an id already. Text stands for a file, and each call that names one has an object of its own.
//!
//! **Sound because** of two graphs under one id only the first is kept, and ids of one object share its state (capture-rules, section
//! 14.1, ACG307).

use acg_calls::{Api, CallId, Name};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use rustc_hash::FxHashMap;

use crate::report::Report;
use crate::trace::Trace;

/// ACG307.
pub static RULE: Rule = Rule::silent(
    "ACG307",
    "ge-duplicate-id",
    "a second graph is added under an id that is taken, or one graph object under two ids",
);

/// Looks for ids that are given again, then for objects that are.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let adds = |call: u32| matches!(trace.log[CallId(call)].api, Api::GeAddGraph | Api::GeAddGraphClone);
    let mut objects: FxHashMap<Name, u32> = FxHashMap::default();
    for (id, unit) in trace.units.iter() {
        let Some(first) = unit.made_by else { continue };
        for &call in unit.calls.iter().filter(|&&call| call > first && adds(call)) {
            report.add_with(&RULE, None, || {
                let graph = trace.units.words(id, trace.log);
                Finding::new(&RULE, call, format!("{graph} is there already"))
                    .label(first, "this graph keeps the id")
                    .note("Of two graphs under one id the session keeps the first.")
                    .help("take another id, or call RemoveGraph first")
            });
        }
        let view = trace.log.view(CallId(first));
        let Some(object) = view.name(2).filter(|_| view.api() == Api::GeAddGraph) else { continue };
        let Some(&earlier) = objects.get(&object) else {
            objects.insert(object, first);
            continue;
        };
        let name = trace.log.text(object);
        let finding = Finding::new(&RULE, first, format!("{name} is added under a second id"))
            .label(earlier, "it has this id already")
            .note("Ids of one Graph object share its state.")
            .help("use AddGraphClone, which copies the graph");
        report.add(None, finding);
    }
}
