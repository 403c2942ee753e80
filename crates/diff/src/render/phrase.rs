//! How reports call tasks and places.

use std::fmt::Write as _;

use acg_dump::Suffix;
use acg_trace::{Kind, LaneId, TaskId, Trace};

use crate::report::{Report, Side, Step};

/// `A` or `B`.
pub(super) const fn letter(side: Side) -> &'static str {
    match side {
        Side::Old => "A",
        Side::New => "B",
    }
}

/// What a task is called: a kernel by its name, anything else by its type.
pub(super) fn name(trace: &Trace, task: TaskId) -> &str {
    trace.name(task)
}

/// Where a task is printed.
pub(super) fn place(trace: &Trace, task: TaskId) -> String {
    let stream = &trace.streams[trace.tasks[task].stream];
    format!("stream {} task {}", stream.id, trace.record(task).task)
}

/// The id of a lane's first stream.
pub(super) fn lane_id(trace: &Trace, lane: LaneId) -> i32 {
    trace.lanes[lane].streams.first().map_or(-1, |&stream| trace.streams[stream].id)
}

/// A task of one graph with its place.
pub(super) fn task(trace: &Trace, task: TaskId) -> String {
    format!("{} ({})", quoted(name(trace, task)), place(trace, task))
}

/// Where a task that both graphs have is printed; once, if that is the same.
pub(super) fn places(report: &Report<'_>, old: TaskId, new: TaskId) -> String {
    let (a, b) = (place(report.old, old), place(report.new, new));
    if a == b { a } else { format!("A {a}, B {b}") }
}

/// A task that both graphs have, with its places.
pub(super) fn common(report: &Report<'_>, old: TaskId, new: TaskId) -> String {
    format!("{} ({})", quoted(name(report.old, old)), places(report, old, new))
}

/// A step from one task to another.
pub(super) fn step(trace: &Trace, side: Side, step: Step) -> String {
    let side = letter(side);
    if step.is_wait {
        let (from, to) = (place(trace, step.from), place(trace, step.to));
        format!("in {side}, {to} waits for the record at {from}")
    } else {
        let (from, to) = (trace.record(step.from).task, trace.record(step.to).task);
        format!(
            "in {side}, stream {} runs task {from} before task {to}",
            lane_id(trace, trace.tasks[step.from].lane)
        )
    }
}

/// What a record, wait or reset is, with what it is for.
pub(super) fn sync(trace: &Trace, task: TaskId) -> String {
    format!("{} ({}){}", trace.tasks[task].kind, place(trace, task), purpose(trace, task))
}

/// What a record or wait is for, with a blank before it; nothing for a reset.
pub(super) fn purpose(trace: &Trace, task: TaskId) -> String {
    let mut text = String::new();
    let links = &trace.links;
    if let Some(record) = links.record_of(task) {
        let _ = write!(text, " for the record at {}{}", place(trace, record), behind(trace, record));
    } else if let [wait, rest @ ..] = links.waits_of(task) {
        let _ = write!(text, " for the wait at {}", place(trace, *wait));
        if !rest.is_empty() {
            let _ = write!(text, " and {} more", rest.len());
        }
    } else if trace.tasks[task].kind.is_record() && trace.tasks[task].kind != Kind::ExternalRecord {
        text.push_str(" that nothing waits for");
    } else if trace.tasks[task].kind.is_wait() && trace.record(task).suffix != Suffix::None {
        text.push_str(" that nothing records");
    }
    text
}

/// The work that a record is behind.
fn behind(trace: &Trace, record: TaskId) -> String {
    let mut at = record;
    while let Some(task) = trace.previous(at) {
        if trace.tasks[task].kind.is_work() {
            return format!(", behind {}", quoted(name(trace, task)));
        }
        at = task;
    }
    String::new()
}

/// Where a task stands among the work of its stream.
pub(super) fn between(trace: &Trace, task: TaskId) -> String {
    let find = |next: fn(&Trace, TaskId) -> Option<TaskId>| {
        std::iter::successors(next(trace, task), |&at| next(trace, at))
            .find(|&at| trace.tasks[at].kind.is_work())
            .map(|at| quoted(name(trace, at)))
    };
    match (find(Trace::previous), find(Trace::next)) {
        (Some(before), Some(behind)) => format!("between {before} and {behind}"),
        (Some(before), None) => format!("behind {before}"),
        (None, Some(behind)) => format!("before {behind}"),
        (None, None) => "alone".to_owned(),
    }
}

/// Text of a dump as one line that no terminal takes for a command.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::from("`");
    for letter in text.chars() {
        if letter.is_control() { shown.extend(letter.escape_default()) } else { shown.push(letter) }
    }
    shown.push('`');
    shown
}

/// `count` of something.
pub(super) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
