//! A report as lines under headings, which the formats for people share.

use acg_trace::LaneId;

use super::groups::groups;
use super::line::{Line, word_of};
use super::{notes, orderings, phrase, syncs, tasks};
use crate::report::{OrderKind, Report, Side, StreamChange};

/// Lines under a heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

/// The sections of a report that have lines.
pub(super) fn sections(report: &Report<'_>) -> Vec<Section> {
    let orderings = report.orderings.iter().map(|change| orderings::line(report, change)).collect();
    let tasks = groups(report).iter().map(|group| tasks::line(report, group)).collect();
    let streams = report.streams.iter().map(|&change| stream(report, change)).collect();
    let notes = report.notes.iter().map(|&note| Line {
        label: "note",
        text: notes::sentence(note),
        details: Vec::new(),
    });
    let sections = [
        ("orderings", orderings),
        ("tasks", tasks),
        ("records and waits", syncs::telling(report)),
        ("records and waits that order no two tasks of both anew", syncs::silent(report)),
        ("streams", streams),
        ("notes", notes.collect()),
    ];
    let sections = sections.into_iter().map(|(title, lines)| Section { title, lines });
    sections.filter(|section| !section.lines.is_empty()).collect()
}

/// Which stream of the one graph is which of the other, where they are called differently; `None` where none is.
pub(super) fn renamed_streams(report: &Report<'_>) -> Option<String> {
    /// More than a line holds are of no use to a reader; JSON has them all.
    const MOST: usize = 12;
    let ids =
        |&(old, new): &(LaneId, LaneId)| (phrase::lane_id(report.old, old), phrase::lane_id(report.new, new));
    let used = report.pairs.iter().filter(|pair| !report.old.lane_tasks(pair.0).is_empty());
    let renamed: Vec<(i32, i32)> = used.map(ids).filter(|(old, new)| old != new).collect();
    let (shown, more) = renamed.split_at_checked(MOST).unwrap_or((&renamed, &[]));
    let texts: Vec<String> = shown.iter().map(|(old, new)| format!("{old} = {new}")).collect();
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    (!texts.is_empty()).then(|| format!("streams (A = B): {}{more}", texts.join(", ")))
}

/// The report in a sentence without a stop.
pub(super) fn summary(report: &Report<'_>) -> String {
    if report.is_empty() {
        return format!("no differences in {}", phrase::number(report.counts.old as usize, "task", "tasks"));
    }
    let mut parts = Vec::new();
    for kind in [OrderKind::Lost, OrderKind::Reversed, OrderKind::Gained] {
        let count = report.orderings.iter().filter(|change| change.kind == kind).count();
        add(&mut parts, count, ("ordering", "orderings"), kind.as_str());
    }
    for word in ["removed", "added", "moved", "changed"] {
        let count = report.tasks.iter().filter(|change| word_of(change).contains(&word)).count();
        add(&mut parts, count, ("task", "tasks"), word);
    }
    let syncs = report.syncs.len();
    add(&mut parts, syncs, ("record or wait", "records and waits"), "different");
    add(&mut parts, report.streams.len(), ("stream", "streams"), "on one side only");
    parts.join(", ")
}

fn add(parts: &mut Vec<String>, count: usize, (one, many): (&str, &str), what: &str) {
    if count > 0 {
        parts.push(format!("{} {what}", phrase::number(count, one, many)));
    }
}

fn stream(report: &Report<'_>, change: StreamChange) -> Line {
    let text = |side, lane| {
        let trace = report.trace(side);
        let tasks = phrase::number(trace.lane_tasks(lane).len(), "task", "tasks");
        format!("stream {} with {tasks}", phrase::lane_id(trace, lane))
    };
    let (label, text) = match (change.old, change.new) {
        (Some(lane), _) => ("removed", text(Side::Old, lane)),
        (None, Some(lane)) => ("added", text(Side::New, lane)),
        (None, None) => ("", String::new()),
    };
    Line { label, text, details: Vec::new() }
}
