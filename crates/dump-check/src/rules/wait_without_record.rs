//! A wait for an event of the graph itself that nothing records.

use acg_diagnostics::{Diagnostic, Rule};
use acg_dump::Suffix;
use acg_trace::{Kind, TaskId};
use rustc_hash::FxHashSet;

use crate::subject::{Recorded, Subject};

/// ACG381.
pub static RULE: Rule = Rule::silent(
    "ACG381",
    "wait-without-record",
    "a wait for a captured memory event that no task records, so that its stream never goes on",
);

/// Tells the waits for events that only the graph itself can record.
pub(crate) fn check(dump: &Subject<'_>, elsewhere: &Recorded, diagnostics: &mut Vec<Diagnostic>) {
    let waits = dump.trace.links.unrecorded_waits().iter().copied();
    let mut told = FxHashSet::default();
    let found = waits
        .filter(|&wait| is_own(dump, wait) && !elsewhere.records(dump, wait))
        .filter(|&wait| told.insert(dump.signal(wait)))
        .map(|wait| {
            let message = format!("nothing records what {} waits for", dump.describe(wait));
            Diagnostic::new(&RULE, dump.span(wait), message)
                .label("the stream stops here for ever")
                .note("The event was captured with this graph, so no other graph and no host can record it.")
                .help("look for the record: a task that was disabled, or a file that lost records")
        });
    super::push_first(diagnostics, found.collect());
}

/// Whether `wait` waits for an event that was captured with the graph, which a memory word always is. A hardware event can be
/// one of the program, even if it is reset at the end: the program may have done that.
pub(crate) fn is_own(dump: &Subject<'_>, wait: TaskId) -> bool {
    dump.trace.tasks[wait].kind == Kind::EventWait && matches!(dump.signal(wait), Suffix::Address(_))
}
