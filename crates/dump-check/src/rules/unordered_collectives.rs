//! Collectives on different streams that run in no fixed order.

use acg_diagnostics::{Diagnostic, Rule};
use acg_stats::Blocks;
use acg_trace::TaskId;
use rustc_hash::FxHashSet;

use crate::collective::collectives;
use crate::conflict::{Conflict, conflicts};
use crate::subject::Subject;

/// ACG385.
pub static RULE: Rule = Rule::lint(
    "ACG385",
    "unordered-collectives",
    "collectives on different streams run in no fixed order, which can differ between ranks",
);

/// Tells the sets of collectives of which no two are ordered, but for those that `told` holds already.
pub(crate) fn check(
    dump: &Subject<'_>,
    blocks: &Blocks,
    told: &FxHashSet<TaskId>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let tasks: Vec<(TaskId, u32)> = collectives(dump.trace)
        .into_iter()
        .filter(|task| !told.contains(task))
        .map(|task| (task, 1))
        .collect();
    let found = conflicts(dump.trace, blocks, &tasks, 1);
    let mut own: Vec<Diagnostic> =
        found.found.iter().filter_map(|conflict| diagnostic(dump, conflict)).collect();
    if let Some(last) = own.last_mut().filter(|_| found.is_cut_short) {
        last.notes.push("More collectives may be unordered; they are not shown.".to_owned());
    }
    diagnostics.extend(own);
}

fn diagnostic(dump: &Subject<'_>, conflict: &Conflict) -> Option<Diagnostic> {
    let (&first, others) = conflict.members.split_first()?;
    let message = match others {
        [other] => format!("{} and {} run in no fixed order", dump.describe(first), dump.describe(*other)),
        _ => format!("{} and {} other collectives run in no fixed order", dump.describe(first), others.len()),
    };
    let diagnostic = Diagnostic::new(&RULE, dump.span(first), message);
    Some(
        dump.related(diagnostic, others, |task| format!("{} can run before or behind it", dump.describe(task)))
            .note("Ranks that run them in different orders can wait for each other for ever; collectives of different groups are safe if the device has room for all at once.")
            .help("let one of the streams wait for the other, or put the collectives on one stream"),
    )
}
