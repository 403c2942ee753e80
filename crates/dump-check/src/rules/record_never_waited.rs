//! A record that nobody waits for.

use acg_diagnostics::{Diagnostic, Rule};
use acg_dump::Suffix;
use acg_trace::{Kind, TaskId};

use crate::subject::{Recorded, Subject};

/// ACG383.
pub static RULE: Rule =
    Rule::lint("ACG383", "record-never-waited", "a record that no task of the given dumps waits for");

/// Tells the records of a dump that nothing waits for: each event, and the notifies in one finding.
pub(crate) fn check(dump: &Subject<'_>, elsewhere: &Recorded, diagnostics: &mut Vec<Diagnostic>) {
    let own = dump.own_events();
    let kind = |record: &TaskId| dump.trace.tasks[*record].kind;
    let records = dump.trace.links.unwaited_records().iter().copied();
    let records: Vec<TaskId> = records.filter(|&record| !elsewhere.waits(dump, record)).collect();
    // An event that capturing did not reset belongs to the program; others may wait for it.
    let is_own = |record: &TaskId| own.as_ref().is_none_or(|own| own.contains(&dump.signal(*record)));
    let events = records.iter().filter(|record| kind(record) == Kind::EventRecord && is_own(record));
    let mut found: Vec<Diagnostic> = events.map(|&record| event(dump, record)).collect();
    let notifies: Vec<TaskId> =
        records.iter().copied().filter(|record| kind(record) == Kind::NotifyRecord).collect();
    found.extend(notify(dump, &notifies));
    super::push_first(diagnostics, found);
}

fn event(dump: &Subject<'_>, record: TaskId) -> Diagnostic {
    let message = format!("nothing here waits for {}", dump.describe(record));
    let note = match dump.signal(record) {
        Suffix::Address(_) => "It orders nothing, and takes a queue entry and a word of memory.",
        _ => {
            "If the event was captured with the graph, the record orders nothing, and takes a queue entry and an event; for an event made with ACL_EVENT_EXTERNAL the host or another graph can wait."
        }
    };
    Diagnostic::new(&RULE, dump.span(record), message)
        .note(note)
        .help("leave the record out, or let the stream that needs it wait")
}

fn notify(dump: &Subject<'_>, records: &[TaskId]) -> Option<Diagnostic> {
    let (&first, others) = records.split_first()?;
    let message = match others.len() {
        0 => format!("nothing here waits for {}", dump.describe(first)),
        count => format!("nothing here waits for {} and {count} other notifies", dump.describe(first)),
    };
    let diagnostic = Diagnostic::new(&RULE, dump.span(first), message);
    Some(
        dump.related(diagnostic, others, |task| format!("nor for {}", dump.describe(task))).note(
            "Another device or another graph can wait for a notify; if none does, the record is useless.",
        ),
    )
}
