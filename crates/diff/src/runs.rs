//! Records and waits between two tasks that both graphs have, paired as best they can be.
//!
//! Such runs are short but full of look-alikes: which of two waits was dropped shows only by their records. So the best pairing that keeps
//! the order is searched among all, first by what each is like, then by what the partners found so far are linked to.

use std::ops::Range;

use acg_trace::TaskId;

use crate::matching::Matching;
use crate::side::{Class, Prepared};

/// Runs with more combinations than this keep the pairing that they have.
const MAX_CELLS: usize = 1 << 12;

/// What a pair is worth if its tasks are of one kind, are for the same work, or are linked to partners.
const KIND: u32 = 1;
const ALIKE: u32 = 4;
const LINKED: u32 = 16;

/// Pairs the records and waits of all paired streams anew where they do not fit.
pub(crate) fn settle(old: &Prepared<'_>, new: &Prepared<'_>, matching: &mut Matching) {
    for with_links in [false, true, true] {
        for (old_lane, new_lane) in matching.lane_pairs() {
            let runs = runs(old.items(old_lane), new.items(new_lane), old, matching);
            for (a, b) in runs {
                let only = |side: &Prepared<'_>, tasks: &[TaskId]| -> Vec<TaskId> {
                    tasks.iter().copied().filter(|&task| side.class(task) == Class::Sync).collect()
                };
                let run = Run {
                    old,
                    new,
                    old_tasks: only(old, &old.items(old_lane)[a]),
                    new_tasks: only(new, &new.items(new_lane)[b]),
                    with_links,
                };
                run.settle(matching);
            }
        }
    }
}

/// The parts of two lanes between neighbouring pairs of work in place.
fn runs(
    old_items: &[TaskId],
    new_items: &[TaskId],
    old: &Prepared<'_>,
    matching: &Matching,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut runs = Vec::new();
    let (mut from, mut new_from) = (0, 0);
    for (at, &task) in old_items.iter().enumerate() {
        let Some(partner) = matching.new_of(task).filter(|_| old.is_work(task) && matching.is_in_place(task))
        else {
            continue;
        };
        let rest = new_items.get(new_from..).unwrap_or(&[]);
        let new_at = new_from + rest.iter().take_while(|&&other| other != partner).count();
        if at > from || new_at > new_from {
            runs.push((from..at, new_from..new_at));
        }
        (from, new_from) = (at + 1, new_at + 1);
    }
    runs.push((from..old_items.len(), new_from.min(new_items.len())..new_items.len()));
    runs
}

struct Run<'a, 't> {
    old: &'a Prepared<'t>,
    new: &'a Prepared<'t>,
    old_tasks: Vec<TaskId>,
    new_tasks: Vec<TaskId>,
    with_links: bool,
}

impl Run<'_, '_> {
    fn settle(&self, matching: &mut Matching) {
        let cells = self.old_tasks.len() * self.new_tasks.len();
        if cells == 0 || cells > MAX_CELLS || self.fits(matching) {
            return;
        }
        let pairs = self.best(matching);
        for &task in &self.old_tasks {
            matching.part(task);
        }
        for (old, new) in pairs {
            matching.pair_in_place(old, new);
        }
    }

    /// Whether each task has a partner that is linked as it is.
    fn fits(&self, matching: &Matching) -> bool {
        let fits = |&task: &TaskId| {
            matching.new_of(task).is_some_and(|partner| {
                let records = (self.old.trace.links.record_of(task), self.new.trace.links.record_of(partner));
                records.0.map(|record| matching.new_of(record)) == records.1.map(Some)
            })
        };
        self.old_tasks.len() == self.new_tasks.len() && self.old_tasks.iter().all(fits)
    }

    /// The pairs of most worth that keep the order.
    fn best(&self, matching: &Matching) -> Vec<(TaskId, TaskId)> {
        let width = self.new_tasks.len() + 1;
        // The most worth of what comes from each pair of places on.
        let mut worth = vec![0; (self.old_tasks.len() + 1) * width];
        for (a, &old) in self.old_tasks.iter().enumerate().rev() {
            for (b, &new) in self.new_tasks.iter().enumerate().rev() {
                let at = a * width + b;
                let skip = worth[at + width].max(worth[at + 1]);
                let pair = self.worth(old, new, matching).map_or(0, |own| own + worth[at + width + 1]);
                worth[at] = skip.max(pair);
            }
        }
        let (mut a, mut b) = (0, 0);
        let mut pairs = Vec::new();
        while let (Some(&old), Some(&new)) = (self.old_tasks.get(a), self.new_tasks.get(b)) {
            let at = a * width + b;
            let own = self.worth(old, new, matching);
            if own.is_some_and(|own| own + worth[at + width + 1] == worth[at]) {
                pairs.push((old, new));
                (a, b) = (a + 1, b + 1);
            } else if worth[at + width] == worth[at] {
                a += 1;
            } else {
                b += 1;
            }
        }
        pairs
    }

    /// What a pair is worth; `None` for tasks of different kinds.
    fn worth(&self, old: TaskId, new: TaskId, matching: &Matching) -> Option<u32> {
        if self.old.loose(old) != self.new.loose(new) {
            return None;
        }
        let mut worth = KIND;
        if self.old.exact(old) == self.new.exact(new) {
            worth += ALIKE;
        }
        if self.with_links && self.is_linked(old, new, matching) {
            worth += LINKED;
        }
        Some(worth)
    }

    /// Whether a task that one is linked to stands for one that the other is linked to.
    fn is_linked(&self, old: TaskId, new: TaskId, matching: &Matching) -> bool {
        let links = &self.new.trace.links;
        self.old
            .links(old)
            .filter_map(|task| matching.new_of(task))
            .any(|partner| links.record_of(new) == Some(partner) || links.record_of(partner) == Some(new))
    }
}
