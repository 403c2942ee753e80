//! Whether what a pass made means what it was given.

use std::num::NonZeroU64;

use acg_ir::{Buffer, Entity, GraphId, Task};

use crate::complaint::Complaint;
use crate::lost::lost;
use crate::meaning::{GraphMeaning, Meaning};
use crate::order::Order;
use crate::tasks::{Role, Tasks};

/// How many complaints about a graph are listed.
const MOST: usize = 20;

/// Whether `after` means what `before` meant; it has to be made by [`Meaning::of_result`].
///
/// Explicit graphs keep their streams and all order besides, unless the pass `reorders` them by the data that tasks touch.
///
/// # Errors
///
/// What is different, the first few of each graph.
pub fn compare(before: &Meaning, after: &Meaning, reorders: bool) -> Result<(), Vec<Complaint>> {
    let mut complaints = Vec::new();
    let alike = |(before, after): (&GraphMeaning, &GraphMeaning)| {
        (before.name, before.mode) == (after.name, after.mode)
    };
    if before.graphs.len() != after.graphs.len() || !before.graphs.iter().zip(&after.graphs).all(alike) {
        return Err(vec![Complaint::Graphs]);
    }
    host_programs(before, after, &mut complaints);
    if before.declared.has_other_target(&after.declared) {
        complaints.push(Complaint::Target);
    }
    complaints
        .extend(before.declared.changed(&after.declared).into_iter().take(MOST).map(Complaint::Declared));
    let (all, after_all) = (before, after);
    for (number, (before, after)) in before.graphs.iter().zip(&after.graphs).enumerate() {
        let pair = Pair {
            graph: GraphId::at(number),
            before,
            after,
            reorders,
            counts: &|buffer| all.counts(buffer),
        };
        let start = complaints.len();
        if before.lines != after.lines {
            complaints.push(Complaint::Lines(pair.graph));
        }
        pair.tasks(&mut complaints);
        pair.host(&mut complaints);
        let hidden = after_all.hidden.iter().take(MOST);
        complaints.extend(hidden.map(|&buffer| Complaint::Left(pair.graph, buffer)));
        pair.left(&mut complaints);
        pair.pairs(&mut complaints);
        pair.required(&mut complaints);
        pair.kept_order(&mut complaints);
        complaints.truncate(start + MOST);
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// What is wrong with the host program: it may do once what a graph did on every execution, and is else line by line what it was.
fn host_programs(before: &Meaning, after: &Meaning, complaints: &mut Vec<Complaint>) {
    let (Some(was), Some(is)) = (&before.run, &after.run) else {
        complaints.extend((before.run.is_some() != after.run.is_some()).then_some(Complaint::Run));
        return;
    };
    if !was.is_within(is) {
        complaints.push(Complaint::Run);
    }
    // All new lines are proved, or none.
    let unproved = was.new_in(is).filter(|_| after.hoisted.is_empty());
    complaints.extend(unproved.take(MOST).map(Complaint::NewLine));
}

/// The copies and the work that were there before and are not any more.
pub fn removed(before: &Meaning, after: &Meaning) -> Vec<(GraphId, Task)> {
    let mut removed = Vec::new();
    for (number, (before, after)) in before.graphs.iter().zip(&after.graphs).enumerate() {
        for (&role, task) in before.survey.tasks.roles().iter().zip(0..) {
            let is_gone = after.survey.tasks.role(task) == Role::Absent;
            if is_gone && matches!(role, Role::Copy | Role::Work) {
                removed.push((GraphId::at(number), self::task(task)));
            }
        }
    }
    removed
}

/// Whether `after` keeps within `streams` a graph and `events`, wherever `before` did.
///
/// # Errors
///
/// The limits that it goes beyond.
pub fn within_limits(
    before: &Meaning,
    after: &Meaning,
    streams: u32,
    events: u32,
) -> Result<(), Vec<Complaint>> {
    let count =
        |graph: &GraphMeaning| graph.survey.order.as_ref().map_or(0, |order| order.streams.len() as u32);
    let mut complaints = Vec::new();
    for (number, (before, after)) in before.graphs.iter().zip(&after.graphs).enumerate() {
        if count(after) > streams.max(count(before)) {
            complaints.push(Complaint::Streams(GraphId::at(number), count(after)));
        }
    }
    if after.events > before.events.max(events as usize) {
        complaints.push(Complaint::Events(after.events as u32));
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

struct Pair<'a> {
    /// Whether what a buffer held after a graph counted before the pass.
    counts: &'a dyn Fn(Buffer) -> bool,
    graph: GraphId,
    before: &'a GraphMeaning,
    after: &'a GraphMeaning,
    reorders: bool,
}

impl Pair<'_> {
    fn tasks(&self, complaints: &mut Vec<Complaint>) {
        let (before, after) = (&self.before.survey.tasks, &self.after.survey.tasks);
        for number in 0..before.len().max(after.len()) as u32 {
            let complaint = self.task(number, before, after);
            complaints.extend(complaint.map(|complaint| complaint(self.graph, task(number))));
        }
        let overlapping = self.after.overlaps.iter().filter(|&(number, overlaps)| {
            let known = self.before.overlaps.get(number).map_or(&[][..], Vec::as_slice);
            overlaps.iter().any(|overlap| known.binary_search(overlap).is_err())
        });
        // The order of a map must not show.
        let mut overlapping: Vec<u32> = overlapping.map(|(&number, _)| number).collect();
        overlapping.sort_unstable();
        complaints
            .extend(overlapping.into_iter().map(|number| Complaint::Overlaps(self.graph, task(number))));
        if self.before.survey.blocks != self.after.survey.blocks {
            complaints.push(Complaint::Blocks(self.graph));
        }
    }

    /// What is wrong with one task.
    fn task(&self, number: u32, before: &Tasks, after: &Tasks) -> Option<fn(GraphId, Task) -> Complaint> {
        let blocks = || (before.block(number), after.block(number));
        match (before.role(number), after.role(number)) {
            // New syncs may stand outside of blocks.
            (Role::Absent, Role::Absent | Role::Sync) | (Role::Sync, Role::Sync) => {
                let (was, is) = blocks();
                (is != 0 && is != was).then_some(Complaint::Block)
            }
            (Role::Absent, _) => Some(Complaint::New),
            (Role::Sync, Role::Absent) => None,
            // Work that nobody sees may go: that nobody does is proved by what everybody else sees.
            (Role::Copy | Role::Work, Role::Absent) => (blocks().0 != 0).then_some(Complaint::Gone),
            (_, Role::Absent) => Some(Complaint::Gone),
            (was, is) if was != is => Some(Complaint::Changed),
            _ if blocks().0 != blocks().1 => Some(Complaint::Block),
            _ if before.act(number).identity != after.act(number).identity => Some(Complaint::Changed),
            _ if ![0, after.name(number)].contains(&before.name(number)) => Some(Complaint::Changed),
            (Role::Copy, _) => None,
            _ => {
                let sees = (before.act(number).sees, after.act(number).sees);
                (!self.sees_the_same(number, sees)).then_some(Complaint::Sees)
            }
        }
    }

    fn sees_the_same(&self, number: u32, (was, is): (Option<NonZeroU64>, Option<NonZeroU64>)) -> bool {
        if was.is_some() {
            return was == is;
        }
        match (self.before.partial.get(&number), self.after.partial.get(&number)) {
            (Some(runs), Some(others)) => self.before.folds.allow(runs, &self.after.folds, others),
            (_, others) => others.is_none(),
        }
    }

    fn host(&self, complaints: &mut Vec<Complaint>) {
        let left = self.after.left_by_host.iter().filter(|(buffer, _)| (self.counts)(*buffer));
        if self.before.host != self.after.host || !left.eq(&self.before.left_by_host) {
            complaints.push(Complaint::Host(self.graph));
        }
    }

    fn left(&self, complaints: &mut Vec<Complaint>) {
        for &(buffer, digest) in &self.before.left {
            let found = self.after.left.binary_search_by_key(&buffer, |&(buffer, _)| buffer);
            let is_same = found.is_ok_and(|at| self.after.left[at].1 == digest)
                || match (self.before.partly_left.get(&buffer), self.after.partly_left.get(&buffer)) {
                    (Some(runs), Some(others)) => self.before.folds.allow(runs, &self.after.folds, others),
                    _ => false,
                };
            if !is_same {
                complaints.push(Complaint::Left(self.graph, buffer));
            }
        }
        let is_new = |buffer| self.before.left.binary_search_by_key(&buffer, |left| left.0).is_err();
        let changed = self.after.left.iter().map(|left| left.0);
        let changed = changed.filter(|&buffer| is_new(buffer) && (self.counts)(buffer));
        complaints.extend(changed.map(|buffer| Complaint::Left(self.graph, buffer)));
    }

    /// Pairs of tasks that come in no order, where they should.
    ///
    /// A pair that was as unordered before is let pass, but it hides what comes before its first task from its second: only where
    /// all order is kept and no task touches other bytes than before does that not matter.
    fn pairs(&self, complaints: &mut Vec<Complaint>) {
        let was_any = !self.before.unordered.is_empty() && !self.after.unordered.is_empty();
        let stays = was_any && !self.reorders && self.touch_the_same();
        let was_unordered = |first: u32, second: u32| {
            let order = self.before.survey.order.as_ref();
            let is_ordered = |order: &Order| order.before(first, second) || order.before(second, first);
            stays && order.is_some_and(|order| !is_ordered(order))
        };
        let unordered = self.after.unordered.iter().filter(|&&(first, second)| !was_unordered(first, second));
        for &(first, second) in unordered.take(MOST) {
            complaints.push(Complaint::Unordered(self.graph, task(first), task(second)));
        }
        let reused = self.after.survey.reused.iter().copied().filter(|&pair| !self.was_open(pair));
        for (wait, record) in reused.take(MOST) {
            complaints.push(Complaint::Reused(self.graph, task(wait), task(record)));
        }
    }

    /// Whether a wait could be open at a record before: there was another record between them.
    fn was_open(&self, (wait, record): (u32, u32)) -> bool {
        let was_there = |number: u32| self.before.survey.tasks.role(number) == Role::Sync;
        let order = self.before.survey.order.as_ref();
        was_there(wait) && was_there(record) && order.is_some_and(|order| !order.before(wait, record))
    }

    /// What `after` asks for holds by streams and events where the graph has them, and is asked for where it has none.
    fn required(&self, complaints: &mut Vec<Complaint>) {
        let is_there = |number: u32| self.after.survey.tasks.role(number) != Role::Absent;
        for &(first, second) in &self.before.survey.required {
            let holds = match &self.after.survey.order {
                _ if !is_there(second) => true,
                _ if !is_there(first) => false,
                None => self.after.survey.required.binary_search(&(first, second)).is_ok(),
                Some(order) => {
                    let on_streams = order.stream(first).is_some() && order.stream(second).is_some();
                    !on_streams || order.before(first, second)
                }
            };
            if !holds {
                complaints.push(Complaint::LostOrder(self.graph, task(first), task(second)));
            }
        }
    }

    /// An explicit graph keeps its streams and its order, unless it may be ordered anew and everything that its tasks do shows in buffers.
    fn kept_order(&self, complaints: &mut Vec<Complaint>) {
        let (Some(before), Some(after)) = (&self.before.survey.order, &self.after.survey.order) else {
            return;
        };
        let kept = |of: &GraphMeaning| -> Vec<u32> {
            of.survey.program.iter().copied().filter(|&task| self.is_kept(task)).collect()
        };
        let has_effects = self.before.survey.program.iter().any(|&task| {
            let is_effect = self.before.survey.tasks.role(task) == Role::Effect;
            is_effect && before.stream(task).is_some() && self.is_kept(task)
        });
        if self.reorders && !has_effects {
            return;
        }
        let (kept, kept_after) = (kept(self.before), || kept(self.after));
        let stream =
            |order: &Order, task: u32| order.stream(task).map(|stream| order.streams[stream as usize]);
        if let Some(moved) = kept.iter().copied().find(|&task| stream(before, task) != stream(after, task)) {
            complaints.push(Complaint::Moved(self.graph, task(moved)));
            return;
        }
        lost(before, &kept, after, |first, second| {
            complaints.push(Complaint::LostOrder(self.graph, task(first), task(second)));
        });
        // Something outside may block on an effect, or an effect on it: more order could make two wait for each other.
        if has_effects {
            lost(after, &kept_after(), before, |first, second| {
                complaints.push(Complaint::NewOrder(self.graph, task(first), task(second)));
            });
        }
    }

    /// Whether all tasks that are still there touch the bytes that they touched.
    fn touch_the_same(&self) -> bool {
        let (before, after) = (&self.before.survey.tasks, &self.after.survey.tasks);
        (0..before.len().min(after.len()) as u32).all(|task| {
            let is_gone = [before.role(task), after.role(task)].contains(&Role::Absent);
            is_gone || before.touches(task) == after.touches(task)
        })
    }

    /// Whether both graphs have the task, and it does more than order.
    fn is_kept(&self, task: u32) -> bool {
        let counts =
            |meaning: &GraphMeaning| !matches!(meaning.survey.tasks.role(task), Role::Absent | Role::Sync);
        counts(self.before) && counts(self.after)
    }
}

fn task(number: u32) -> Task {
    Task::at(number as usize)
}
