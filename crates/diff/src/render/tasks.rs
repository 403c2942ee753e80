//! Changes of work as lines.

use acg_trace::TaskId;

use super::groups::Group;
use super::line::{Line, word_of};
use super::phrase;
use crate::report::{AttributeChange, Move, Report, Side};

/// Tasks that changed together, in a line.
pub(super) fn line(report: &Report<'_>, group: &Group<'_>) -> Line {
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
            match first.moved {
                Some(Move::Within) => {
                    let places = (phrase::between(report.old, old), phrase::between(report.new, new));
                    details.push(format!("on its stream, it was {}, and is {}", places.0, places.1));
                }
                Some(Move::Across) => text.push_str(", to another stream"),
                None => {}
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
    first: TaskId,
    last: Option<TaskId>,
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
