//! A stream that does not fit a queue of the target, though it fitted where the dump was made.

use acg_diagnostics::{Diagnostic, Rule};
use acg_stats::Usage;
use acg_trace::Part;

use crate::subject::Subject;

/// ACG389.
pub static RULE: Rule = Rule::lint(
    "ACG389",
    "queue-overflow",
    "a stream takes more queue entries than a queue of the target has, and needs further streams there",
);

/// Compares how often each lane is continued in the dump and on the target.
pub(crate) fn check(dump: &Subject<'_>, usage: &Usage, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    for entries in &usage.entries {
        let tasks = dump.trace.lane_tasks(entries.lane);
        let Some(&first) = tasks.first() else { continue };
        // Tools merge continuations; the tasks that start them stay.
        let starts = tasks.iter().filter(|&&task| dump.trace.tasks[task].part == Part::Cascade).count();
        let has = dump.trace.lanes[entries.lane].streams.len().max(starts + 1) as u64;
        if entries.streams.least <= has {
            continue;
        }
        let usable = dump.profile.queue_size().usable();
        let message = format!(
            "stream {} takes {} queue entries and fills {} streams on target {}; in the dump it has {has}",
            entries.stream, entries.total.least, entries.streams.least, dump.profile.name
        );
        found.push(
            Diagnostic::new(&RULE, dump.span(first), message)
                .note(format!("A queue of the target takes {usable} entries of captured tasks, so the dump is of another machine."))
                .help("name the machine that the dump is of with --target, or count with the further streams"),
        );
    }
    super::push_first(diagnostics, found);
}
