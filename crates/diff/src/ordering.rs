//! Which orderings of common work were lost, gained or reversed.
//!
//! What comes before what follows from steps: from a task to the next one of its stream, and from a record to its waits. A step that
//! both graphs have changes nothing. For every other one, the nearest common work before it and behind it is looked
//! up in the other graph: is it still ordered there, now by other steps? So the cost goes with the number of changes, and
//! what is reported is minimal: a pair that only follows from another reported one is left out.

mod effect;
mod minimal;
mod nearest;
mod reach;
mod steps;

use acg_trace::TaskId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::matching::Matching;
use crate::report::{OrderChange, OrderKind, Side, Step, SyncChange};
use crate::side::Prepared;
use minimal::minimal;
use reach::Reach;

/// What changed.
pub(crate) struct Orderings {
    pub(crate) changes: Vec<OrderChange>,
    /// Whether the search was given up somewhere.
    pub(crate) is_incomplete: bool,
    effects: [FxHashSet<TaskId>; 2],
}

impl Orderings {
    /// Whether an ordering changed by a change of a record or wait.
    pub(crate) fn has_effect(&self, sync: &SyncChange) -> bool {
        let is_in =
            |side: usize, task: Option<TaskId>| task.is_some_and(|task| self.effects[side].contains(&task));
        is_in(0, sync.old) || is_in(1, sync.new)
    }
}

/// One graph, seen from which the other one is asked.
struct View<'a, 't> {
    side: Side,
    from: &'a Prepared<'t>,
    to: &'a Prepared<'t>,
    matching: &'a Matching,
}

/// Two tasks of one graph, of which the first comes before the second.
type Ordered = (TaskId, TaskId);

/// The changes of orderings between two graphs.
pub(crate) fn changes(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching) -> Orderings {
    let (mut old_reach, mut new_reach) = (Reach::of(old.trace), Reach::of(new.trace));
    let forth = View { side: Side::Old, from: old, to: new, matching };
    let back = View { side: Side::New, from: new, to: old, matching };
    let mut effects = [FxHashSet::default(), FxHashSet::default()];
    let [old_effects, new_effects] = &mut effects;
    let gone = forth.broken(&mut old_reach, &mut new_reach, old_effects);
    let come = back.broken(&mut new_reach, &mut old_reach, new_effects);
    let is_incomplete = gone.is_incomplete || come.is_incomplete;
    let mut changes = forth.one_way(gone.lost, &mut old_reach);
    changes.extend(back.one_way(come.lost, &mut new_reach));
    // A pair that came the other way round is seen from the first graph.
    let mut reversed: FxHashMap<Ordered, [Option<Step>; 2]> = FxHashMap::default();
    for (pair, step) in gone.reversed {
        reversed.entry(pair).or_default()[0] = Some(step);
    }
    for ((second, first), step) in come.reversed {
        reversed.entry(back.partners((first, second))).or_default()[1] = Some(step);
    }
    changes.extend(forth.both_ways(reversed, &mut old_reach, &mut new_reach));
    Orderings { changes, is_incomplete, effects }
}

impl View<'_, '_> {
    fn partner(&self, task: TaskId) -> Option<TaskId> {
        match self.side {
            Side::Old => self.matching.new_of(task),
            Side::New => self.matching.old_of(task),
        }
    }

    /// The partners of two tasks that have some.
    fn partners(&self, pair: Ordered) -> Ordered {
        (self.partner(pair.0).unwrap_or(pair.0), self.partner(pair.1).unwrap_or(pair.1))
    }

    /// Whether a task of the other graph has a partner in this one.
    fn is_partner(&self, task: TaskId) -> bool {
        match self.side {
            Side::Old => self.matching.old_of(task).is_some(),
            Side::New => self.matching.new_of(task).is_some(),
        }
    }

    /// The orderings that only this graph has.
    fn one_way(&self, lost: Vec<(Ordered, Step)>, reach: &mut Reach<'_>) -> Vec<OrderChange> {
        let pairs: Vec<Ordered> = lost.iter().map(|found| found.0).collect();
        let keep = minimal(&pairs, reach);
        let kept = lost.into_iter().zip(keep).filter(|(_, keep)| *keep);
        kept.map(|((pair, step), _)| self.change(pair, step)).collect()
    }

    fn change(&self, pair: Ordered, step: Step) -> OrderChange {
        let partners = self.partners(pair);
        let (first, second) = ((pair.0, partners.0), (pair.1, partners.1));
        let turned = |(own, other)| (other, own);
        match self.side {
            Side::Old => {
                OrderChange { kind: OrderKind::Lost, first, second, old_step: Some(step), new_step: None }
            }
            Side::New => OrderChange {
                kind: OrderKind::Gained,
                first: turned(first),
                second: turned(second),
                old_step: None,
                new_step: Some(step),
            },
        }
    }

    /// The orderings that both graphs have, but the other way round; seen from the first one.
    fn both_ways(
        &self,
        reversed: FxHashMap<Ordered, [Option<Step>; 2]>,
        old_reach: &mut Reach<'_>,
        new_reach: &mut Reach<'_>,
    ) -> Vec<OrderChange> {
        let mut reversed: Vec<_> = reversed.into_iter().collect();
        reversed.sort_unstable_by_key(|(pair, _)| *pair);
        let pairs: Vec<Ordered> = reversed.iter().map(|found| found.0).collect();
        let turned: Vec<Ordered> =
            pairs.iter().map(|&(first, second)| self.partners((second, first))).collect();
        // Neither graph's reader should miss what does not follow in that graph.
        let (in_old, in_new) = (minimal(&pairs, old_reach), minimal(&turned, new_reach));
        let kept = reversed.into_iter().zip(in_old.into_iter().zip(in_new)).filter(|(_, (a, b))| *a || *b);
        let change = |((first, second), [old_step, new_step]): (Ordered, [Option<Step>; 2])| {
            let partners = self.partners((first, second));
            let (first, second) = ((first, partners.0), (second, partners.1));
            OrderChange { kind: OrderKind::Reversed, first, second, old_step, new_step }
        };
        kept.map(|(found, _)| change(found)).collect()
    }
}
