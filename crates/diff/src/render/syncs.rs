//! Changes of records, waits and resets as lines.

use std::fmt::Write as _;

use acg_trace::{LaneId, TaskId, Trace};

use super::phrase;
use super::sections::Line;
use crate::report::{Report, Side, SyncChange};

/// The most tasks of a line that are named one by one.
const MOST_NAMED: usize = 8;

/// Those by which an ordering changed, a line each.
pub(super) fn telling(report: &Report<'_>) -> Vec<Line> {
    report.syncs.iter().filter(|change| change.orders).map(|change| line(report, change)).collect()
}

/// Those by which no ordering of common tasks changed; of the same kind on the same stream in one line.
pub(super) fn silent(report: &Report<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut alike: Vec<&SyncChange> = Vec::new();
    for change in report.syncs.iter().filter(|change| !change.orders) {
        if alike
            .last()
            .is_some_and(|last| key(report, last).is_none_or(|last| Some(last) != key(report, change)))
        {
            lines.push(lines_of(report, &alike));
            alike.clear();
        }
        alike.push(change);
    }
    if !alike.is_empty() {
        lines.push(lines_of(report, &alike));
    }
    lines
}

/// What changes share that a reader takes in as one: the graph that has them, their kind and their stream.
fn key(report: &Report<'_>, change: &SyncChange) -> Option<(Side, &'static str, LaneId)> {
    let (side, task) = one_sided(change)?;
    let data = &report.trace(side).tasks[task];
    Some((side, data.kind.as_str(), data.lane))
}

/// The only graph that has a task, and the task.
fn one_sided(change: &SyncChange) -> Option<(Side, TaskId)> {
    match (change.old, change.new) {
        (Some(task), None) => Some((Side::Old, task)),
        (None, Some(task)) => Some((Side::New, task)),
        _ => None,
    }
}

fn lines_of(report: &Report<'_>, alike: &[&SyncChange]) -> Line {
    match alike {
        [change] => line(report, change),
        _ => several(report, alike).unwrap_or(Line { label: "", text: String::new(), details: Vec::new() }),
    }
}

fn several(report: &Report<'_>, alike: &[&SyncChange]) -> Option<Line> {
    let tasks: Vec<(Side, TaskId)> = alike.iter().filter_map(|change| one_sided(change)).collect();
    let &(side, first) = tasks.first()?;
    let trace = report.trace(side);
    let stream = phrase::lane_id(trace, trace.tasks[first].lane);
    let mut text = format!("{} {}s on stream {stream}: tasks ", tasks.len(), trace.tasks[first].kind);
    let number = |&(_, task): &(Side, TaskId)| trace.record(task).task.to_string();
    if tasks.len() <= MOST_NAMED {
        text.push_str(&tasks.iter().map(number).collect::<Vec<_>>().join(", "));
    } else {
        let last = tasks.last().map(number).unwrap_or_default();
        let _ = write!(text, "{} to {last}", trace.record(first).task);
    }
    Some(Line { label: if side == Side::Old { "removed" } else { "added" }, text, details: Vec::new() })
}

fn line(report: &Report<'_>, change: &SyncChange) -> Line {
    let mut details = Vec::new();
    let both = |old: TaskId, new: TaskId| {
        let name = |trace: &Trace, task| phrase::sync(trace, task);
        format!("A {}, B {}", name(report.old, old), name(report.new, new))
    };
    let (label, text) = match (change.old, change.new) {
        (Some(old), None) => ("removed", phrase::sync(report.old, old)),
        (None, Some(new)) => ("added", phrase::sync(report.new, new)),
        (Some(old), Some(new)) if change.moved.is_some() => ("moved", both(old, new)),
        (Some(old), Some(new)) => ("changed", both(old, new)),
        (None, None) => ("", String::new()),
    };
    if change.rewired {
        details.push("it waits for another record than before".to_owned());
    }
    Line { label, text, details }
}
