//! Changes of orderings as lines.

use acg_trace::{TaskId, Trace};

use super::line::Line;
use super::phrase;
use crate::report::{OrderChange, OrderKind, Report, Side, Step};

/// A change of an ordering, and by what it came about.
pub(super) fn line(report: &Report<'_>, change: &OrderChange) -> Line {
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
    let old =
        Reason { trace: report.old, side: Side::Old, tasks: (first.0, second.0), step: change.old_step };
    let new =
        Reason { trace: report.new, side: Side::New, tasks: (first.1, second.1), step: change.new_step };
    let reasons = [old.text(new.is_on_one_stream()), new.text(old.is_on_one_stream())];
    let reasons: Vec<String> = reasons.into_iter().flatten().collect();
    let details = if reasons.is_empty() { reasons } else { vec![reasons.join("; ")] };
    Line { label: change.kind.as_str(), text, details }
}

/// Why one graph orders two tasks, or does not.
struct Reason<'t> {
    trace: &'t Trace,
    side: Side,
    tasks: (TaskId, TaskId),
    step: Option<Step>,
}

impl Reason<'_> {
    fn is_on_one_stream(&self) -> bool {
        self.trace.tasks[self.tasks.0].lane == self.trace.tasks[self.tasks.1].lane
    }

    /// `was_one_stream` tells whether the two are on one stream in the other graph.
    fn text(&self, was_one_stream: bool) -> Option<String> {
        let side = phrase::letter(self.side);
        let lane = |task: TaskId| phrase::lane_id(self.trace, self.trace.tasks[task].lane);
        let streams = (lane(self.tasks.0), lane(self.tasks.1));
        if self.is_on_one_stream() {
            return Some(format!("in {side}, both are on stream {}", streams.0));
        }
        match self.step {
            Some(step) => Some(phrase::step(self.trace, self.side, step)),
            None if was_one_stream => {
                Some(format!("in {side}, they are on streams {} and {}", streams.0, streams.1))
            }
            None => None,
        }
    }
}
