//! Threads share an offline model without one lock around refreshing its memory and executing it.
//!
//! **Fires** at an execution by one of several threads that execute the model, if its thread holds no lock, or none that it holds is held at
//! all executions before it, or a write of its own to the memory of the execution came before it took the lock.
//!
//! **Sound because** refresh and execution are to be one locked section, with the same lock in every thread (capture-rules, section 14.2,
//! ACG322); a log shows one order of its threads' calls, and without the lock there are others. A write that another execution of the
//! thread lies behind is no refresh of this one.

use acg_calls::{Api, CallId, Name};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::BufferId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::Report;
use crate::trace::Trace;
use crate::units::{Unit, UnitId};

/// What each thread did, in the order of the log.
#[derive(Default)]
struct Threads {
    /// Its executions of models, by thread.
    executions: FxHashMap<u32, Vec<u32>>,
    /// Its other writes, by thread and allocation.
    writes: FxHashMap<(u32, BufferId), Vec<u32>>,
}

/// ACG322.
pub static RULE: Rule = Rule::silent(
    "ACG322",
    "mdl-shared-without-lock",
    "threads share an offline model, and no lock covers refreshing its memory and executing it",
);

/// Looks at every model that several threads execute.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let shared: Vec<(UnitId, Vec<u32>)> =
        trace.units.iter().filter_map(|(id, unit)| Some((id, shared_executions(trace, unit)?))).collect();
    if shared.is_empty() {
        return;
    }
    let threads = threads(trace);
    for (id, executions) in shared {
        check_model(trace, id, &executions, &threads, report);
    }
}

/// The executions of a unit, if several threads make them.
fn shared_executions(trace: &Trace<'_, '_>, unit: &Unit) -> Option<Vec<u32>> {
    let executes =
        |&call: &u32| matches!(trace.log[CallId(call)].api, Api::MdlExecute | Api::MdlExecuteAsync);
    let executions: Vec<u32> = unit.calls.iter().copied().filter(executes).collect();
    let thread = |call: u32| trace.log.manner(CallId(call)).thread;
    let &first = executions.first()?;
    executions.iter().any(|&call| thread(call) != thread(first)).then_some(executions)
}

/// Goes through all calls once.
fn threads(trace: &Trace<'_, '_>) -> Threads {
    let mut threads = Threads::default();
    for view in trace.log.iter() {
        let (call, thread) = (view.id.0, view.manner().thread);
        if matches!(view.api(), Api::MdlExecute | Api::MdlExecuteAsync) {
            threads.executions.entry(thread).or_default().push(call);
            continue;
        }
        for touch in trace.touches(call).iter().filter(|touch| touch.writes()) {
            let calls = threads.writes.entry((thread, touch.buffer)).or_default();
            if calls.last() != Some(&call) {
                calls.push(call);
            }
        }
    }
    threads
}

/// The last of `calls` before `call`.
fn last_before(calls: Option<&Vec<u32>>, call: u32) -> Option<u32> {
    let calls = calls?;
    let count = calls.partition_point(|&earlier| earlier < call);
    count.checked_sub(1).map(|at| calls[at])
}

fn check_model(
    trace: &Trace<'_, '_>,
    id: UnitId,
    executions: &[u32],
    threads: &Threads,
    report: &mut Report,
) {
    let mut common: Option<Vec<Name>> = None;
    let mut told: FxHashSet<u32> = FxHashSet::default();
    for &call in executions {
        let thread = trace.log.manner(CallId(call)).thread;
        let held = trace.units.held(call);
        let finding = if held.is_empty() {
            Some(unlocked(trace, id, call, executions))
        } else {
            let shared = common.get_or_insert_with(|| held.iter().map(|held| held.lock).collect());
            let mut still = shared.clone();
            still.retain(|lock| held.iter().any(|held| held.lock == *lock));
            if still.is_empty() {
                Some(another_lock(trace, id, call, executions))
            } else {
                *shared = still;
                let since =
                    held.iter().filter(|held| shared.contains(&held.lock)).map(|held| held.since).min();
                since.and_then(|since| {
                    let refresh = last_refresh(trace, call, threads)?;
                    (refresh < since).then(|| split(trace, id, call, refresh, since))
                })
            }
        };
        if let Some(finding) = finding
            && told.insert(thread)
        {
            report.add(None, finding);
        }
    }
}

/// The thread's last write to memory of an execution, since the execution of a model before.
fn last_refresh(trace: &Trace<'_, '_>, call: u32, threads: &Threads) -> Option<u32> {
    let thread = trace.log.manner(CallId(call)).thread;
    let previous = last_before(threads.executions.get(&thread), call);
    let last = |buffer: BufferId| last_before(threads.writes.get(&(thread, buffer)), call);
    let refreshes = trace.touches(call).iter().filter_map(|touch| last(touch.buffer));
    refreshes.filter(|&write| previous.is_none_or(|previous| write > previous)).max()
}

fn unlocked(trace: &Trace<'_, '_>, id: UnitId, call: u32, executions: &[u32]) -> Finding {
    let model = trace.units.words(id, trace.log);
    let message = format!("{model} is shared by threads and executed without a lock");
    explained(trace, Finding::new(&RULE, call, message), call, executions)
}

fn another_lock(trace: &Trace<'_, '_>, id: UnitId, call: u32, executions: &[u32]) -> Finding {
    let model = trace.units.words(id, trace.log);
    let message = format!("{model} is shared by threads and executed under another lock than before");
    explained(trace, Finding::new(&RULE, call, message), call, executions)
}

fn split(trace: &Trace<'_, '_>, id: UnitId, call: u32, refresh: u32, since: u32) -> Finding {
    let model = trace.units.words(id, trace.log);
    let message =
        format!("{model} is executed under a lock, and its memory was refreshed before the lock was taken");
    Finding::new(&RULE, call, message)
        .label(refresh, "its memory is refreshed here")
        .label(since, "the lock is taken here")
        .note("Another thread can refresh or execute in between.")
        .help("take the lock before refreshing the memory, and keep it until the execution is issued")
}

fn explained(trace: &Trace<'_, '_>, finding: Finding, call: u32, executions: &[u32]) -> Finding {
    let thread = |call: u32| trace.log.manner(CallId(call)).thread;
    let other = executions.iter().copied().find(|&other| thread(other) != thread(call));
    let finding = match other {
        Some(other) => finding.label(other, format!("thread {} executes it here", thread(other))),
        None => finding,
    };
    finding
        .note("Refreshing the memory of a shared model and executing it are one locked section, with the same lock in every thread.")
        .help("hold one lock from the copy into its memory to aclmdlExecuteAsync, in every thread")
}
