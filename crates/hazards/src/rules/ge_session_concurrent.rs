//! A session is used by several threads.
//!
//! **Fires** at the first method of a session on another thread than before, constructor and destructor left out, if no lock is held at
//! every call so far.
//!
//! **Sound because** the documents rule it out for one session (capture-rules, section 14.1, ACG311); a log shows one order of its
//! threads' calls, and without a lock there are others.

use acg_calls::{Api, CallId, Name};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG311.
pub static RULE: Rule =
    Rule::silent("ACG311", "ge-session-concurrent", "one session is used by several threads without a lock");

/// Looks for a second thread that shares no lock with the first.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let log = trace.log;
    let is_use = |&&call: &&u32| !matches!(log[CallId(call)].api, Api::GeSessionNew | Api::GeSessionDelete);
    for session in &trace.units.sessions {
        let mut uses = session.calls.iter().filter(is_use);
        let Some(&first) = uses.next() else { continue };
        let mut common = locks(trace, first);
        let mut is_shared = false;
        for &call in uses {
            let held = locks(trace, call);
            common.retain(|lock| held.contains(lock));
            is_shared |= log.manner(CallId(call)).thread != log.manner(CallId(first)).thread;
            if is_shared && common.is_empty() {
                let name = log.text(session.name);
                let (one, other) = (log.manner(CallId(first)).thread, log.manner(CallId(call)).thread);
                let finding = Finding::new(
                    &RULE,
                    call,
                    format!("{name} is used by several threads, and no lock covers all its calls"),
                )
                .label(first, format!("thread {one} uses {name} here"))
                .note(format!("This call is made by thread {other}; a session is for one thread at a time."))
                .help("give each thread a session of its own, or hold the same lock at each call");
                report.add(None, finding);
                break;
            }
        }
    }
}

fn locks(trace: &Trace<'_, '_>, call: u32) -> Vec<Name> {
    trace.units.held(call).iter().map(|held| held.lock).collect()
}
