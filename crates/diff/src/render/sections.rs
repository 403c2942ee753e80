//! A report as lines under headings, which the formats for people share.

use super::groups::{Group, groups};
use super::{notes, phrase};
use crate::report::{AttributeChange, Move, OrderChange, OrderKind, Report, Side, StreamChange, SyncChange};

/// Lines under a heading.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

/// One difference.
pub(super) struct Line {
    /// What happened, in a word.
    pub(super) label: &'static str,
    /// To what.
    pub(super) text: String,
    /// Why, or what it means.
    pub(super) details: Vec<String>,
}

/// The sections of a report that have lines.
pub(super) fn sections(report: &Report<'_>) -> Vec<Section> {
    let orderings = report.orderings.iter().map(|change| ordering(report, change)).collect();
    let tasks = groups(report).iter().map(|group| tasks(report, group)).collect();
    let syncs = report.syncs.iter().map(|change| sync(report, change)).collect();
    let streams = report.streams.iter().map(|&change| stream(report, change)).collect();
    let notes = report.notes.iter().map(|&note| Line {
        label: "note",
        text: notes::sentence(note),
        details: Vec::new(),
    });
    let sections = [
        ("orderings", orderings),
        ("tasks", tasks),
        ("records and waits", syncs),
        ("streams", streams),
        ("notes", notes.collect()),
    ];
    let sections = sections.into_iter().map(|(title, lines)| Section { title, lines });
    sections.filter(|section| !section.lines.is_empty()).collect()
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

/// What happened to a task, in words.
pub(super) fn word_of(change: &crate::report::TaskChange) -> Vec<&'static str> {
    match (change.old, change.new) {
        (_, None) => vec!["removed"],
        (None, _) => vec!["added"],
        _ => {
            let mut words = Vec::new();
            words.extend(change.moved.map(|_| "moved"));
            words.extend((!change.attributes.is_empty()).then_some("changed"));
            words
        }
    }
}

fn ordering(report: &Report<'_>, change: &OrderChange) -> Line {
    let (first, second) = (change.first, change.second);
    let text = match change.kind {
        OrderKind::Lost => format!(
            "{} no longer comes before {}",
            phrase::task(report.old, first.0),
            phrase::task(report.old, second.0)
        ),
        OrderKind::Reversed => format!(
            "{} came before {}, and now comes after it",
            phrase::task(report.old, first.0),
            phrase::task(report.old, second.0)
        ),
        OrderKind::Gained => format!(
            "{} now comes before {}",
            phrase::task(report.new, first.1),
            phrase::task(report.new, second.1)
        ),
    };
    let old = change.old_step.map(|step| phrase::step(report.old, Side::Old, step));
    let new = change.new_step.map(|step| phrase::step(report.new, Side::New, step));
    Line { label: change.kind.as_str(), text, details: old.into_iter().chain(new).collect() }
}

fn tasks(report: &Report<'_>, group: &Group<'_>) -> Line {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return Line { label: "", text: String::new(), details: Vec::new() };
    };
    let label = match word_of(first).as_slice() {
        ["moved", "changed"] => "moved",
        [word, ..] => word,
        [] => "changed",
    };
    let mut details = Vec::new();
    let several = |text: String| match group.len() {
        1 => text,
        count => format!("{count} tasks, from {text}"),
    };
    let text = match (first.old, first.new) {
        (Some(old), Some(new)) => {
            let mut text = several(phrase::common(report, old, new));
            if let (Some(_), Some(old), Some(new)) = (first.moved, last.old, last.new)
                && group.len() > 1
            {
                text = format!("{text} to {}", phrase::common(report, old, new));
            }
            if first.moved == Some(Move::Within) {
                let places = (phrase::between(report.old, old), phrase::between(report.new, new));
                details.push(format!("on its stream, it was {}, and is {}", places.0, places.1));
            }
            let attributes: Vec<String> = first.attributes.iter().map(attribute).collect();
            if !attributes.is_empty() {
                text = format!("{text}: {}", attributes.join(", "));
            }
            text
        }
        (Some(task), None) => one_sided(report, Side::Old, group, task, last.old),
        (None, Some(task)) => one_sided(report, Side::New, group, task, last.new),
        (None, None) => String::new(),
    };
    Line { label, text, details }
}

/// Tasks that one graph has, next to each other.
fn one_sided(
    report: &Report<'_>,
    side: Side,
    group: &Group<'_>,
    first: acg_trace::TaskId,
    last: Option<acg_trace::TaskId>,
) -> String {
    let trace = report.trace(side);
    match last.filter(|_| group.len() > 1) {
        Some(last) => {
            format!(
                "{} tasks, from {} to {}",
                group.len(),
                phrase::task(trace, first),
                phrase::task(trace, last)
            )
        }
        None => format!("{}, {}", phrase::task(trace, first), phrase::between(trace, first)),
    }
}

fn attribute(change: &AttributeChange) -> String {
    let value = |value: &Option<String>| value.as_deref().map_or_else(|| "none".to_owned(), shown);
    format!("{} {} -> {}", change.attribute.name(), value(&change.old), value(&change.new))
}

/// A value in one line, cut if it is long.
fn shown(value: &str) -> String {
    const LONGEST: usize = 80;
    let mut text: String = value.chars().take(LONGEST).flat_map(printable).collect();
    if value.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text
}

fn printable(letter: char) -> Vec<char> {
    if letter.is_control() { letter.escape_default().collect() } else { vec![letter] }
}

fn sync(report: &Report<'_>, change: &SyncChange) -> Line {
    let mut details = Vec::new();
    let (label, text) = match (change.old, change.new) {
        (Some(old), None) => ("removed", phrase::sync(report.old, old)),
        (None, Some(new)) => ("added", phrase::sync(report.new, new)),
        (Some(old), Some(new)) => {
            let text = format!("A {}, B {}", phrase::sync(report.old, old), phrase::sync(report.new, new));
            (if change.moved.is_some() { "moved" } else { "changed" }, text)
        }
        (None, None) => ("", String::new()),
    };
    if change.rewired {
        details.push("it waits for another record than before".to_owned());
    }
    if !change.orders {
        details.push("this changes no ordering of tasks that both have".to_owned());
    }
    Line { label, text, details }
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
