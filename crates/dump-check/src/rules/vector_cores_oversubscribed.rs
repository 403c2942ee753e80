//! Collectives that can run at once need more vector cores together than there are.

use acg_diagnostics::{Diagnostic, Rule};
use acg_stats::Blocks;
use acg_trace::TaskId;
use rustc_hash::FxHashSet;

use crate::collective::{collectives, starts_at_once, vector_cores};
use crate::conflict::{Conflict, conflicts};
use crate::subject::Subject;

/// ACG384.
pub static RULE: Rule = Rule::silent(
    "ACG384",
    "vector-cores-oversubscribed",
    "collectives that start with all their cores at once and can run together need more vector cores than the device has",
);

/// Tells the sets of collectives that can block each other, and gives back the collectives in them.
pub(crate) fn check(
    dump: &Subject<'_>,
    blocks: &Blocks,
    diagnostics: &mut Vec<Diagnostic>,
) -> FxHashSet<TaskId> {
    let trace = dump.trace;
    let at_once = collectives(trace).into_iter().filter(|&task| starts_at_once(trace.record(task)));
    let tasks: Vec<(TaskId, u32)> = at_once
        .map(|task| (task, vector_cores(trace, trace.record(task))))
        .filter(|&(_, cores)| cores > 0)
        .collect();
    let found = conflicts(trace, blocks, &tasks, u64::from(dump.profile.chip.cores.aivec));
    let mut own: Vec<Diagnostic> =
        found.found.iter().filter_map(|conflict| diagnostic(dump, conflict)).collect();
    if let Some(last) = own.last_mut().filter(|_| found.is_cut_short) {
        last.notes.push("There may be more such sets; they are not shown.".to_owned());
    }
    diagnostics.extend(own);
    found.found.into_iter().flat_map(|conflict| conflict.members).collect()
}

fn diagnostic(dump: &Subject<'_>, conflict: &Conflict) -> Option<Diagnostic> {
    let (&first, others) = conflict.members.split_first()?;
    let chip = &dump.profile.chip;
    let cores = |task: TaskId| vector_cores(dump.trace, dump.trace.record(task));
    let sum: Vec<String> = conflict.members.iter().take(16).map(|&task| cores(task).to_string()).collect();
    let more = if conflict.members.len() > 16 { " + …" } else { "" };
    let message = match conflict.members.len() {
        1 => format!(
            "{} needs {} vector cores at once; the device has {}",
            dump.describe(first),
            conflict.weight,
            chip.cores.aivec
        ),
        count => format!(
            "{count} collectives can run at once and need {}{more} = {} vector cores; the device has {}",
            sum.join(" + "),
            conflict.weight,
            chip.cores.aivec
        ),
    };
    let label = |task: TaskId| format!("{} takes {} vector cores", dump.describe(task), cores(task));
    let diagnostic = Diagnostic::new(&RULE, dump.span(first), message).label(label(first));
    let help = if others.is_empty() {
        "launch it with fewer blocks"
    } else {
        "let one of the streams wait for the other's collective, or launch them with fewer blocks"
    };
    Some(
        dump.related(diagnostic, others, label)
            .note(format!(
                "With Schem Mode 1 a kernel starts only when all its cores are free; none of these does while the others hold theirs, and on other ranks others may be first. {} vector cores are those of target {}; products of {} differ.",
                chip.cores.aivec, dump.profile.name, chip.name
            ))
            .help(help),
    )
}
