//! The comparison of two graphs, step by step.

use acg_trace::{LaneId, TaskId, Trace};

use crate::attributes::Comparison;
use crate::columns;
use crate::matching::Matching;
use crate::parts::Parts;
use crate::report::{Counts, Move, Note, Report, Side, StreamChange, TaskChange};
use crate::side::Prepared;
use crate::{lanes, moves, ordering, runs, syncs};

/// What differs between two graphs, but for the `ignored` parts.
///
/// ```
/// # fn trace(text: &str) -> acg_trace::Trace {
/// #     let mut reading = acg_dump::read_any(&mut text.as_bytes()).unwrap();
/// #     acg_trace::Trace::of(reading.dumps.remove(0))
/// # }
/// let dump = |blocks: u32, pid: u32| trace(&format!(
///     r#"[{{"name":"add","pid":"{pid} aclGraph","tid":"stream4","ts":0,"dur":9.5,"ph":"X","args":{{"Model Id":0,
///         "Stream Id":4,"Task Id":0,"Task Type":"KERNEL_AIVEC","Numblocks":{blocks},"Schem Mode":0}}}}]"#));
/// let (old, same, other) = (dump(8, 100), dump(8, 200), dump(16, 300));
/// let none = acg_diff::Parts::default();
/// assert!(acg_diff::diff(&old, &same, none).is_empty());
/// assert_eq!(acg_diff::diff(&old, &other, none).tasks.len(), 1);
/// assert!(acg_diff::diff(&old, &other, acg_diff::Parts::BLOCKS).is_empty());
/// ```
pub fn diff<'t>(old: &'t Trace, new: &'t Trace, ignored: Parts) -> Report<'t> {
    let (left_out, notes) = columns::incomparable(old, new, ignored);
    let (a, b) = (Prepared::of(old, left_out), Prepared::of(new, left_out));
    // Ties are broken one way, whichever graph comes first.
    let is_mirrored = (b.trace.tasks.len(), b.digest()) < (a.trace.tasks.len(), a.digest());
    let mut report =
        if is_mirrored { compare(&b, &a, left_out).mirrored() } else { compare(&a, &b, left_out) };
    report.notes.splice(0..0, notes);
    report.notes.extend(remarks(old, new));
    report.sort();
    report
}

fn compare<'t>(old: &Prepared<'t>, new: &Prepared<'t>, left_out: Parts) -> Report<'t> {
    let mut matching = Matching::new(old, new);
    lanes::pair(old, new, &mut matching);
    moves::pair(old, new, &mut matching);
    runs::settle(old, new, &mut matching);
    syncs::pair(old, new, &mut matching);
    let mut report = Report {
        old: old.trace,
        new: new.trace,
        pairs: matching.lane_pairs(),
        orderings: Vec::new(),
        tasks: task_changes(old, new, left_out, &matching),
        syncs: syncs::changes(old, new, &matching),
        streams: streams(old, new, &matching),
        notes: Vec::new(),
        counts: counts(old, new, &matching),
    };
    let orderings = ordering::changes(old, new, &matching);
    for sync in &mut report.syncs {
        sync.orders = orderings.has_effect(sync);
    }
    if orderings.is_incomplete && !left_out.has(Parts::ORDER) {
        report.notes.push(Note::OrderingsIncomplete);
    }
    report.orderings = orderings.changes;
    drop_ignored(&mut report, left_out);
    report
}

/// Leaves out what is ignored.
fn drop_ignored(report: &mut Report<'_>, ignored: Parts) {
    if ignored.has(Parts::ORDER) {
        report.orderings.clear();
        report.syncs.retain(|sync| !sync.orders);
    }
    if ignored.has(Parts::SYNCS) {
        report.syncs.retain(|sync| sync.orders);
    }
    if ignored.has(Parts::PLACEMENT) {
        report.streams.clear();
        report.tasks.iter_mut().for_each(|task| task.moved = None);
        report.tasks.retain(|task| !task.attributes.is_empty() || task.old.is_none() || task.new.is_none());
    }
}

fn task_changes(
    old: &Prepared<'_>,
    new: &Prepared<'_>,
    left_out: Parts,
    matching: &Matching,
) -> Vec<TaskChange> {
    let comparison = Comparison::new(old, new, left_out, matching);
    let mut changes = Vec::new();
    let gone = |old, new| TaskChange { old, new, moved: None, attributes: Vec::new() };
    for &task in old.all_items().iter().filter(|&&task| old.is_work(task)) {
        let Some(partner) = matching.new_of(task) else {
            changes.push(gone(Some(task), None));
            continue;
        };
        let attributes = comparison.changes(task, partner);
        let moved = (!matching.is_in_place(task)).then(|| {
            let is_within = matching.new_lane(old.lane(task)) == Some(new.lane(partner));
            if is_within { Move::Within } else { Move::Across }
        });
        if moved.is_some() || !attributes.is_empty() {
            changes.push(TaskChange { old: Some(task), new: Some(partner), moved, attributes });
        }
    }
    let added = new.all_items().iter().filter(|&&task| new.is_work(task) && matching.old_of(task).is_none());
    changes.extend(added.map(|&task| gone(None, Some(task))));
    changes
}

fn streams(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching) -> Vec<StreamChange> {
    let is_used = |side: &Prepared<'_>, lane: LaneId| !side.items(lane).is_empty();
    let gone = old.trace.lanes.keys();
    let gone = gone.filter(|&lane| matching.new_lane(lane).is_none() && is_used(old, lane));
    let come = new.trace.lanes.keys();
    let come = come.filter(|&lane| matching.old_lane(lane).is_none() && is_used(new, lane));
    gone.map(|lane| StreamChange { old: Some(lane), new: None })
        .chain(come.map(|lane| StreamChange { old: None, new: Some(lane) }))
        .collect()
}

fn counts(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching) -> Counts {
    let is_common = |task: &&TaskId| old.is_work(**task) && matching.new_of(**task).is_some();
    Counts {
        old: old.trace.tasks.len() as u32,
        new: new.trace.tasks.len() as u32,
        common: old.all_items().iter().filter(is_common).count() as u32,
    }
}

/// What is no difference but worth knowing.
fn remarks(old: &Trace, new: &Trace) -> Vec<Note> {
    let mut notes = Vec::new();
    let groups = (old.groups.len() as u32, new.groups.len() as u32);
    if groups.0 != groups.1 {
        notes.push(Note::Groups(groups.0, groups.1));
    }
    let continuations =
        |trace: &Trace| (trace.streams.len() - trace.lanes.len().min(trace.streams.len())) as u32;
    let counts = (continuations(old), continuations(new));
    if counts.0 != counts.1 {
        notes.push(Note::Continuations(counts.0, counts.1));
    }
    for (trace, side) in [(old, Side::Old), (new, Side::New)] {
        if !trace.links.circles().is_empty() {
            notes.push(Note::Circle(side));
        }
    }
    notes
}
