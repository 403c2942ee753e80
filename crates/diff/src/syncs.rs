//! Records, waits and resets that are not in both graphs, or not at the same place, or not for the same.
//!
//! A record or wait that is not at its place is found again by its partner: a wait by the record that it waits for, a record by the
//! waits that it lets go on.

use acg_trace::{Kind, Part, TaskId};

use crate::matching::Matching;
use crate::report::{Move, SyncChange};
use crate::side::{Class, Prepared};

/// Pairs records and waits by their partners, until that finds nothing more.
pub(crate) fn pair(old: &Prepared<'_>, new: &Prepared<'_>, matching: &mut Matching) {
    // Waits by their records, then records by their waits, then the waits that this tells apart.
    for by_record in [true, false, true] {
        let left: Vec<TaskId> = old
            .all_items()
            .iter()
            .copied()
            .filter(|&task| old.class(task) == Class::Sync && matching.new_of(task).is_none())
            .collect();
        for task in left {
            let found =
                if by_record { wait(old, new, matching, task) } else { record(old, new, matching, task) };
            if let Some(found) = found {
                matching.pair_moved(task, found);
            }
        }
    }
}

/// The wait that stands for the wait `task`: one that is left, for the same record; on the same stream rather than elsewhere.
fn wait(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching, task: TaskId) -> Option<TaskId> {
    let record = matching.new_of(old.trace.links.record_of(task)?)?;
    let lane = matching.new_lane(old.lane(task));
    let waits = new.trace.links.waits_of(record).iter().copied();
    let mut open = waits.filter(|&wait| matching.old_of(wait).is_none());
    let first = open.next()?;
    let here = std::iter::once(first).chain(open).find(|&wait| Some(new.lane(wait)) == lane);
    Some(here.unwrap_or(first))
}

/// The record that stands for the record `task`: the one that the first of its waits waits for now, if it is left.
fn record(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching, task: TaskId) -> Option<TaskId> {
    let waits = old.trace.links.waits_of(task).iter();
    let mut records = waits.filter_map(|&wait| new.trace.links.record_of(matching.new_of(wait)?));
    records.find(|&record| matching.old_of(record).is_none() && new.class(record) == Class::Sync)
}

/// What changed of the records, waits and resets; whether orderings changed by it is told later.
pub(crate) fn changes(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching) -> Vec<SyncChange> {
    let ends = (has_end_record(old), has_end_record(new));
    let none = SyncChange { old: None, new: None, moved: None, rewired: false, orders: false };
    let mut changes = Vec::new();
    for &task in old.all_items() {
        if old.class(task) != Class::Sync {
            continue;
        }
        let Some(partner) = matching.new_of(task) else {
            if !(ends.1 && can_be_end_record(old, task)) {
                changes.push(SyncChange { old: Some(task), ..none });
            }
            continue;
        };
        let moved = place(old, new, matching, task, partner);
        let rewired = is_rewired(old, new, matching, task, partner);
        if moved.is_some() || rewired {
            changes.push(SyncChange { old: Some(task), new: Some(partner), moved, rewired, ..none });
        }
    }
    let added = new.all_items().iter().copied();
    let added = added.filter(|&task| new.class(task) == Class::Sync && matching.old_of(task).is_none());
    let added = added.filter(|&task| !(ends.0 && can_be_end_record(new, task)));
    changes.extend(added.map(|task| SyncChange { new: Some(task), ..none }));
    changes
}

/// Whether a graph ends in what is taken for the record of its end.
fn has_end_record(side: &Prepared<'_>) -> bool {
    let last = side.trace.lane_tasks(side.trace.origin()).last();
    last.is_some_and(|&last| side.trace.tasks[last].part == Part::EndRecord)
}

/// Whether a record is the last but for the record of the end.
///
/// Before its first execution a graph has no record of the end; a last record of the program's own looks like one then.
fn can_be_end_record(side: &Prepared<'_>, task: TaskId) -> bool {
    let trace = side.trace;
    let is_last = trace.next(task).is_none_or(|next| trace.tasks[next].part == Part::EndRecord);
    let data = &trace.tasks[task];
    is_last
        && data.kind == Kind::NotifyRecord
        && data.lane == trace.origin()
        && trace.links.waits_of(task).is_empty()
}

/// How the place of a task changed.
fn place(
    old: &Prepared<'_>,
    new: &Prepared<'_>,
    matching: &Matching,
    task: TaskId,
    partner: TaskId,
) -> Option<Move> {
    if matching.is_in_place(task) {
        return None;
    }
    if matching.new_lane(old.lane(task)) != Some(new.lane(partner)) {
        return Some(Move::Across);
    }
    // The runtime joins added streams in the order of heap addresses.
    let is_set = |side: &Prepared<'_>, task| side.trace.tasks[task].part == Part::AddedStream;
    (!is_set(old, task) || !is_set(new, partner)).then_some(Move::Within)
}

/// Whether a wait waits for another record than before, other than because its record is gone or new.
fn is_rewired(
    old: &Prepared<'_>,
    new: &Prepared<'_>,
    matching: &Matching,
    task: TaskId,
    partner: TaskId,
) -> bool {
    match (old.trace.links.record_of(task), new.trace.links.record_of(partner)) {
        (None, None) => false,
        (Some(before), Some(now)) => matching.new_of(before) != Some(now),
        (Some(before), None) => matching.new_of(before).is_some(),
        (None, Some(now)) => matching.old_of(now).is_some(),
    }
}
