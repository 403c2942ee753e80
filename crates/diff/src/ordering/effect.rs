//! What a step that changed an ordering tells the reader.

use acg_trace::{TaskId, Trace};

use crate::report::Step;
use crate::side::{Class, Prepared};

/// The step that says most: where a wait or a record moved along its stream, the step from the record to the wait.
pub(super) fn telling(trace: &Trace, step: Step) -> Step {
    if step.is_wait {
        return step;
    }
    if let Some(record) = trace.links.record_of(step.from) {
        return Step { from: record, to: step.from, is_wait: true };
    }
    match trace.links.waits_of(step.to) {
        [wait, ..] => Step { from: step.to, to: *wait, is_wait: true },
        [] => step,
    }
}

/// The records and waits that a step is made of.
pub(super) fn syncs<'a>(side: &'a Prepared<'_>, step: Step) -> impl Iterator<Item = TaskId> + use<'a> {
    [step.from, step.to].into_iter().filter(|&task| side.class(task) == Class::Sync)
}
