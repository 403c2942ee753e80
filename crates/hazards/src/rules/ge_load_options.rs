//! `LoadGraph` is given an option that it does not take.
//!
//! **Fires** for each key other than `ge.exec.frozenInputIndexes` and `ge.exec.hostInputIndexes`.
//!
//! **Sound because** the documents name these two and no others (capture-rules, section 14.1, ACG313).

use acg_calls::{Api, Arg, CallId};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// The options of a load.
const KEYS: [&str; 2] = ["ge.exec.frozenInputIndexes", "ge.exec.hostInputIndexes"];

/// ACG313.
pub static RULE: Rule =
    Rule::lint("ACG313", "ge-load-options", "LoadGraph is given an option that it does not take");

/// Looks at the keys of all options.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    for (_, unit) in trace.units.iter() {
        for &call in &unit.calls {
            let view = trace.log.view(CallId(call));
            let Some(options) = view.list(2).filter(|_| view.api() == Api::GeLoadGraph) else { continue };
            for option in options {
                let Arg::Text(text) = option else { continue };
                let text = trace.log.text(text);
                let key = text.split_once('=').map_or(text, |option| option.0).trim();
                if !KEYS.contains(&key) {
                    let finding = Finding::new(&RULE, call, format!("LoadGraph does not take option {key}"))
                        .note(format!("It takes {} and {}.", KEYS[0], KEYS[1]))
                        .help("give other options to GEInitializeV2, the session or AddGraph");
                    report.add(None, finding);
                }
            }
        }
    }
}
