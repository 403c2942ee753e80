//! Changes of records, waits and resets as lines.

use std::fmt::Write as _;

use acg_trace::{LaneId, TaskId};

use super::line::Line;
use super::phrase;
use crate::report::{Move, Report, Side, SyncChange};

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
    let nothing = Vec::new();
    match (change.old, change.new) {
        (Some(old), Some(new)) => both(report, change, old, new),
        (Some(old), None) => Line { label: "removed", text: phrase::sync(report.old, old), details: nothing },
        (None, Some(new)) => Line { label: "added", text: phrase::sync(report.new, new), details: nothing },
        (None, None) => Line { label: "", text: String::new(), details: nothing },
    }
}

/// One that both graphs have.
fn both(report: &Report<'_>, change: &SyncChange, old: TaskId, new: TaskId) -> Line {
    let mut text = format!("{} ({})", report.old.tasks[old].kind, phrase::places(report, old, new));
    let mut details = Vec::new();
    if change.rewired {
        let places = (phrase::purpose(report.old, old), phrase::purpose(report.new, new));
        details.push(format!("in A{}; in B{}", places.0, places.1));
    } else {
        text.push_str(&phrase::purpose(report.old, old));
    }
    match change.moved {
        Some(Move::Within) => {
            let places = (phrase::between(report.old, old), phrase::between(report.new, new));
            details.push(format!("on its stream, it was {}, and is {}", places.0, places.1));
        }
        Some(Move::Across) => text.push_str(", to another stream"),
        None => {}
    }
    Line { label: if change.moved.is_some() { "moved" } else { "changed" }, text, details }
}
