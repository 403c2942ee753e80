//! Which orderings of common work were lost, gained or reversed.
//!
//! What comes before what follows from steps: from a task to the next one of its stream, and from a record to its waits. A step that
//! both graphs have changes nothing. For every other one, the nearest common work before it and behind it is looked
//! up in the other graph: is it still ordered there, now by other steps? So the cost goes with the number of changes, and
//! what is reported is minimal: a pair that only follows from another reported one is left out.

mod effect;
mod nearest;

use acg_trace::{Order, TaskId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::matching::Matching;
use crate::report::{OrderChange, OrderKind, Side, Step, SyncChange};
use crate::side::Prepared;
use nearest::Search;

/// The most pairs that are looked up for one step.
const MAX_PAIRS: usize = 1 << 14;
/// Up to so many pairs with a common task, those that follow from others are left out.
const MAX_FAMILY: usize = 256;

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
    order: &'a Order<'t>,
    other: &'a Order<'t>,
    matching: &'a Matching,
}

/// Two tasks of one graph, of which the first comes before the second.
type Ordered = (TaskId, TaskId);

/// The changes of orderings between two graphs.
pub(crate) fn changes(old: &Prepared<'_>, new: &Prepared<'_>, matching: &Matching) -> Orderings {
    let (old_order, new_order) = (Order::of(old.trace), Order::of(new.trace));
    let views = [
        View { side: Side::Old, from: old, to: new, order: &old_order, other: &new_order, matching },
        View { side: Side::New, from: new, to: old, order: &new_order, other: &old_order, matching },
    ];
    let mut found = Orderings {
        changes: Vec::new(),
        is_incomplete: false,
        effects: [FxHashSet::default(), FxHashSet::default()],
    };
    let mut reversed: FxHashMap<Ordered, [Option<Step>; 2]> = FxHashMap::default();
    for (at, view) in views.iter().enumerate() {
        let broken = view.broken(&mut found.effects[at]);
        found.is_incomplete |= broken.is_incomplete;
        for (pair, step) in minimal(broken.lost, view.order) {
            found.changes.push(view.change(pair, step));
        }
        for (pair, step) in broken.reversed {
            // Seen from the first graph.
            let pair = if at == 0 { pair } else { view.partners((pair.1, pair.0)) };
            reversed.entry(pair).or_default()[at] = Some(step);
        }
    }
    let mut reversed: Vec<_> = reversed.into_iter().collect();
    reversed.sort_unstable_by_key(|(pair, _)| *pair);
    // Neither graph's reader should miss what their own graph does not tell: those minimal in either are kept.
    let in_old: FxHashSet<Ordered> =
        minimal(reversed.clone(), &old_order).into_iter().map(|it| it.0).collect();
    let back =
        reversed.iter().map(|&((first, second), _)| (views[0].partners((second, first)), (first, second)));
    let in_new: FxHashSet<Ordered> = minimal(back.collect(), &new_order).into_iter().map(|it| it.1).collect();
    for ((first, second), steps) in reversed {
        if !in_old.contains(&(first, second)) && !in_new.contains(&(first, second)) {
            continue;
        }
        let partners = views[0].partners((first, second));
        found.changes.push(OrderChange {
            kind: OrderKind::Reversed,
            first: (first, partners.0),
            second: (second, partners.1),
            old_step: steps[0],
            new_step: steps[1],
        });
    }
    found
}

/// Pairs that one graph orders and the other does not, each with the step by which it was found; in order.
struct Broken {
    /// The other graph does not order them.
    lost: Vec<(Ordered, Step)>,
    /// The other graph orders them the other way.
    reversed: Vec<(Ordered, Step)>,
    is_incomplete: bool,
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

    fn change(&self, pair: Ordered, step: Step) -> OrderChange {
        let partners = self.partners(pair);
        let both = match self.side {
            Side::Old => ((pair.0, partners.0), (pair.1, partners.1)),
            Side::New => ((partners.0, pair.0), (partners.1, pair.1)),
        };
        let (kind, old_step, new_step) = match self.side {
            Side::Old => (OrderKind::Lost, Some(step), None),
            Side::New => (OrderKind::Gained, None, Some(step)),
        };
        OrderChange { kind, first: both.0, second: both.1, old_step, new_step }
    }

    /// Looks up what every step orders that the other graph does not have, and collects the records and waits that had an effect.
    fn broken(&self, effects: &mut FxHashSet<TaskId>) -> Broken {
        let is_common = |task: TaskId| self.from.is_work(task) && self.partner(task).is_some();
        let mut search = Search::new(self.from, is_common);
        let mut pairs: FxHashMap<Ordered, (bool, Step)> = FxHashMap::default();
        let mut is_incomplete = false;
        for step in self.own_steps() {
            let sources = search.before(step.from);
            let targets = search.behind(step.to);
            let (Some(sources), Some(targets)) = (sources, targets) else {
                is_incomplete = true;
                continue;
            };
            if sources.len().saturating_mul(targets.len()) > MAX_PAIRS {
                is_incomplete = true;
                continue;
            }
            let mut has_effect = false;
            for &first in &sources {
                for &second in &targets {
                    let (a, b) = self.partners((first, second));
                    // In a circle a task can come before itself.
                    if first == second || !self.order.before(first, second) || self.other.before(a, b) {
                        continue;
                    }
                    has_effect = true;
                    pairs
                        .entry((first, second))
                        .or_insert_with(|| (self.other.before(b, a), effect::telling(self.from.trace, step)));
                }
            }
            if has_effect {
                effects.extend(effect::syncs(self.from, step));
            }
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable_by_key(|(pair, _)| *pair);
        let (reversed, lost): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(_, (reversed, _))| *reversed);
        let plain = |pairs: Vec<(Ordered, (bool, Step))>| {
            pairs.into_iter().map(|(pair, (_, step))| (pair, step)).collect()
        };
        Broken { lost: plain(lost), reversed: plain(reversed), is_incomplete }
    }

    /// The steps that the other graph does not have.
    fn own_steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let behind = self.common_behind();
        for lane in self.from.trace.lanes.keys() {
            let mut previous: Option<(TaskId, TaskId)> = None;
            for &task in self.from.items(lane) {
                let record = self.from.trace.links.record_of(task);
                if let Some(record) = record.filter(|&record| !self.is_linked(record, task)) {
                    steps.push(Step { from: record, to: task, is_wait: true });
                }
                let Some(partner) = self.partner(task) else { continue };
                if let Some((before, its_partner)) = previous
                    && behind.get(&its_partner) != Some(&partner)
                {
                    steps.push(Step { from: before, to: task, is_wait: false });
                }
                previous = Some((task, partner));
            }
        }
        steps
    }

    /// Whether the partners of a record and a wait are linked, too.
    fn is_linked(&self, record: TaskId, wait: TaskId) -> bool {
        let partners = self.partner(record).zip(self.partner(wait));
        partners.is_some_and(|(record, wait)| self.to.trace.links.record_of(wait) == Some(record))
    }

    /// For each task of the other graph that this one has, the next such task on its stream.
    fn common_behind(&self) -> FxHashMap<TaskId, TaskId> {
        let mut behind = FxHashMap::default();
        let is_common = |task: &TaskId| match self.side {
            Side::Old => self.matching.old_of(*task).is_some(),
            Side::New => self.matching.new_of(*task).is_some(),
        };
        for lane in self.to.trace.lanes.keys() {
            let mut common = self.to.items(lane).iter().copied().filter(is_common);
            if let Some(mut before) = common.next() {
                for task in common {
                    behind.insert(before, task);
                    before = task;
                }
            }
        }
        behind
    }
}

/// `pairs` without those that follow from others of them and `order`.
fn minimal<T>(pairs: Vec<(Ordered, T)>, order: &Order<'_>) -> Vec<(Ordered, T)> {
    let mut seconds: FxHashMap<TaskId, Vec<TaskId>> = FxHashMap::default();
    let mut firsts: FxHashMap<TaskId, Vec<TaskId>> = FxHashMap::default();
    for ((first, second), _) in &pairs {
        seconds.entry(*first).or_default().push(*second);
        firsts.entry(*second).or_default().push(*first);
    }
    let follows = |(first, second): Ordered| {
        let few = |family: Option<&Vec<TaskId>>| {
            family.filter(|family| family.len() <= MAX_FAMILY).cloned().unwrap_or_default()
        };
        few(seconds.get(&first)).into_iter().any(|other| order.before(other, second))
            || few(firsts.get(&second)).into_iter().any(|other| order.before(first, other))
    };
    let keep: Vec<bool> = pairs.iter().map(|(pair, _)| !follows(*pair)).collect();
    pairs.into_iter().zip(keep).filter_map(|(pair, keep)| keep.then_some(pair)).collect()
}
