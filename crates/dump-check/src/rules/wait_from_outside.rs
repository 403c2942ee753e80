//! A wait that goes on only if something outside the graph records.

use acg_diagnostics::{Diagnostic, Rule};
use acg_dump::Suffix;
use acg_trace::{Kind, TaskId};

use super::wait_without_record::is_own;
use crate::subject::{Recorded, Subject};

/// ACG382.
pub static RULE: Rule = Rule::lint(
    "ACG382",
    "wait-from-outside",
    "nothing in the dumps records what a task waits for; the host, another graph or another device must",
);

/// Tells what a dump waits for and nothing given records: each event, and notifies and values in one finding each.
pub(crate) fn check(dump: &Subject<'_>, elsewhere: &Recorded, diagnostics: &mut Vec<Diagnostic>) {
    let waits = dump.trace.links.unrecorded_waits().iter().copied();
    let waits: Vec<TaskId> =
        waits.filter(|&wait| !is_own(dump, wait) && !elsewhere.records(dump, wait)).collect();
    let kind = |wait: &TaskId| dump.trace.tasks[*wait].kind;
    let mut by_event: Vec<(Suffix, TaskId)> = waits
        .iter()
        .filter(|wait| kind(wait) == Kind::EventWait)
        .map(|&wait| (dump.signal(wait), wait))
        .collect();
    by_event.sort_by_key(|&(signal, wait)| (event_number(signal), wait));
    let events = by_event.chunk_by(|(own, _), (other, _)| own == other);
    let mut events: Vec<Vec<TaskId>> =
        events.map(|group| group.iter().map(|&(_, wait)| wait).collect()).collect();
    events.sort_by_key(|group| group.first().copied());
    // Collectives and other devices use many notifies and values; what is said of one holds for all.
    let rest = [Kind::NotifyWait, Kind::ValueWait]
        .map(|wanted| waits.iter().copied().filter(|wait| kind(wait) == wanted).collect::<Vec<TaskId>>());
    let groups = events.iter().chain(&rest).filter(|group| !group.is_empty());
    super::push_first(diagnostics, groups.map(|group| diagnostic(dump, group)).collect());
}

/// Something to sort events by.
fn event_number(signal: Suffix) -> (u64, u64) {
    match signal {
        Suffix::None => (0, 0),
        Suffix::Event(id) | Suffix::Notify(id) => (u64::from(id), 0),
        Suffix::EventCount(id, count) => (u64::from(id), u64::from(count)),
        Suffix::Address(address) => (address, 0),
    }
}

fn diagnostic(dump: &Subject<'_>, waits: &[TaskId]) -> Diagnostic {
    let first = waits[0];
    let what = match dump.trace.tasks[first].kind {
        Kind::NotifyWait => "another device, or another graph, must record it",
        Kind::ValueWait => "the host, a kernel or another device must write it",
        _ => "the host or another graph must record it",
    };
    let message = match waits.len() {
        1 => format!("nothing here records what {} waits for", dump.describe(first)),
        count => format!(
            "nothing here records what {} and {} other waits wait for",
            dump.describe(first),
            count - 1
        ),
    };
    let diagnostic = Diagnostic::new(&RULE, dump.span(first), message).label(what);
    dump.related(diagnostic, &waits[1..], |task| format!("{} waits too", dump.describe(task)))
        .note("If nobody does, the stream stops here for ever and the execution ends in a timeout.")
        .help("check the graph together with the dumps of the other graphs of its process")
}
