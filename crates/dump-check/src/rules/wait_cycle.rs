//! Streams wait for each other in a circle.

use acg_diagnostics::{Diagnostic, Rule};
use acg_trace::TaskId;

use crate::subject::Subject;

/// ACG380.
pub static RULE: Rule = Rule::silent(
    "ACG380",
    "wait-cycle",
    "tasks wait for each other in a circle, so that none of them ever runs",
);

/// Tells every circle of a dump.
pub(crate) fn check(dump: &Subject<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let found = dump.trace.links.circles().iter().filter_map(|circle| diagnostic(dump, circle)).collect();
    super::push_first(diagnostics, found);
}

fn diagnostic(dump: &Subject<'_>, circle: &[TaskId]) -> Option<Diagnostic> {
    let is_wait = |task: &TaskId| dump.trace.tasks[*task].kind.is_wait();
    // Told from a wait on, because that is where the device stands still.
    let first = circle.iter().position(is_wait)?;
    let turned: Vec<TaskId> = circle[first..].iter().chain(&circle[..first]).copied().collect();
    let mut streams: Vec<i32> = turned.iter().map(|&task| dump.stream(task)).collect();
    streams.dedup();
    if streams.len() > 1 && streams.first() == streams.last() {
        streams.pop();
    }
    let named: Vec<String> = streams.iter().take(8).map(ToString::to_string).collect();
    let more = if streams.len() > 8 { ", …" } else { "" };
    let message = match streams.len() {
        1 => format!("stream {} waits for itself and never goes on", named.join(", ")),
        _ => format!("streams {}{more} wait for each other and never go on", named.join(", ")),
    };
    let mut diagnostic = Diagnostic::new(&RULE, dump.span(turned[0]), message).label("1: waits here");
    // Excerpts are shown line by line, so the steps are numbered.
    let mut step = 1;
    diagnostic = dump.related(diagnostic, &turned[1..], |task| {
        step += 1;
        let what = if is_wait(&task) { "needs that" } else { "comes behind it" };
        format!("{step}: {} {what}", dump.describe(task))
    });
    Some(
        diagnostic
            .note(
                "Each of these tasks runs only behind the one before it, and the first only behind the last.",
            )
            .help(
                "record the event before the wait that its stream needs first, or leave one of the waits out",
            ),
    )
}
