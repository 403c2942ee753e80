//! Changes that a reader takes in as one: neighbours that were added, removed or moved together, and equal changes of equal tasks.

use acg_trace::{TaskId, Trace};

use crate::report::{Report, TaskChange};

/// Tasks that changed in the same way; never empty.
pub(super) type Group<'r> = Vec<&'r TaskChange>;

/// The changes of `report`, grouped, in the order of their first ones.
pub(super) fn groups<'r>(report: &'r Report<'_>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut changed: rustc_hash::FxHashMap<Key<'r>, usize> = rustc_hash::FxHashMap::default();
    for change in &report.tasks {
        if let Some(key) = key(report, change) {
            if let Some(&at) = changed.get(&key) {
                groups[at].push(change);
                continue;
            }
            changed.insert(key, groups.len());
        } else if let Some(group) = groups.last_mut()
            && let Some(last) = group.last()
            && is_next(report, last, change)
        {
            group.push(change);
            continue;
        }
        groups.push(vec![change]);
    }
    groups
}

/// A name and what changed of it.
type Key<'r> = (&'r str, Vec<(String, Option<&'r str>, Option<&'r str>)>);

/// What tasks share that changed in the same way at their place.
fn key<'r>(report: &'r Report<'_>, change: &'r TaskChange) -> Option<Key<'r>> {
    let old = change.old.filter(|_| change.moved.is_none() && !change.attributes.is_empty())?;
    let attributes = change.attributes.iter();
    let attributes =
        attributes.map(|change| (change.attribute.name(), change.old.as_deref(), change.new.as_deref()));
    Some((report.old.name(old), attributes.collect()))
}

/// Whether `next` was added, removed or moved together with `last`, just before it.
fn is_next(report: &Report<'_>, last: &TaskChange, next: &TaskChange) -> bool {
    let follows = |trace: &Trace, last: Option<TaskId>, next: Option<TaskId>| match (last, next) {
        (Some(last), Some(next)) => work_behind(trace, last) == Some(next),
        (None, None) => true,
        _ => false,
    };
    last.moved == next.moved
        && last.attributes.is_empty()
        && next.attributes.is_empty()
        && follows(report.old, last.old, next.old)
        && follows(report.new, last.new, next.new)
}

/// The next work of the stream.
fn work_behind(trace: &Trace, task: TaskId) -> Option<TaskId> {
    std::iter::successors(trace.next(task), |&at| trace.next(at)).find(|&at| trace.tasks[at].kind.is_work())
}
