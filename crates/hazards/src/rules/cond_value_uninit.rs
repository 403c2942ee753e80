//! The value of a conditional task that nobody sets, or that a WHILE body does not change.
//!
//! **Fires** on a conditional task of a graph that ended well if the program never asks for the address of the handle's value, or
//! asks for it and no call writes there while what every call touches is known; and if
//! either the handle has no default, so that the value is never set, or the task is a WHILE whose default is not zero,
//! so that its loop never ends.
//!
//! **Sound because** the value can be written only through that address (capture-rules, section 8, ACG192).

use acg_calls::CallId;
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::{BufferId, Cond, CondType, Work};

use rustc_hash::FxHashSet;

use crate::report::Report;
use crate::trace::Trace;

/// ACG192.
pub static RULE: Rule = Rule::silent(
    "ACG192",
    "cond-value-uninit",
    "the value of a conditional task is never set, or a loop never changes it",
);

/// Looks for conditional tasks that nobody can decide.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    if trace.state.conds.is_empty() {
        return;
    }
    let written: FxHashSet<BufferId> =
        trace.all_touches().iter().filter(|touch| touch.writes()).map(|touch| touch.buffer).collect();
    for (id, cond) in trace.state.conds.iter() {
        let Some(task) = cond.used_by else { continue };
        if trace.ended_by(cond.model).is_none() {
            continue;
        }
        if let Some(&word) = trace.cond_words.get(&id)
            && (!trace.opaque.is_empty() || written.contains(&word))
        {
            continue;
        }
        if let Some(finding) = finding(trace, cond, task) {
            report.add(Some(cond.model), finding);
        }
    }
}

fn finding(trace: &Trace<'_, '_>, cond: &Cond, task: u32) -> Option<Finding> {
    // aclmdlRICondHandleCreate(model, default, flag, &handle)
    let create = trace.log.view(CallId(cond.made_by));
    let has_default = create.int(2) == Some(1);
    let default = create.int(1)?;
    let name = cond.name.map_or("the handle", |name| trace.log.text(name));
    if !has_default {
        return Some(
            Finding::new(&RULE, task, format!("nothing ever sets the value of {name}, which decides this task"))
                .label(cond.made_by, "the handle has no default")
                .help(format!("create {name} with ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT, or write the value at the address that aclmdlRICondHandleGetCondPtr gives")),
        );
    }
    (default != 0 && is_while(trace, task)).then(|| {
        Finding::new(&RULE, task, format!("this loop never ends: {name} starts as {default} and its body cannot change it"))
            .label(cond.made_by, "the value is set to its default before every execution")
            .help("let the body write zero at the address that aclmdlRICondHandleGetCondPtr gives when the loop is done")
    })
}

fn is_while(trace: &Trace<'_, '_>, call: u32) -> bool {
    trace.node_of(call).is_some_and(|node| {
        trace.tasks(&trace.nodes[node as usize]).any(|task| task.work == Work::Condition(CondType::While))
    })
}
