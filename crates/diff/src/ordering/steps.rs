//! The steps of one graph that the other does not have, and what each orders.

use acg_entity::Entity;
use acg_trace::TaskId;
use rustc_hash::{FxHashMap, FxHashSet};

use super::nearest::Search;
use super::reach::{Reach, Relation};
use super::{Ordered, View, effect};
use crate::report::Step;

/// The most pairs that are looked up for one step.
const MAX_PAIRS: usize = 1 << 14;

/// Pairs that one graph orders and the other does not, each with the step by which it was found; in order.
pub(super) struct Broken {
    /// The other graph does not order them.
    pub(super) lost: Vec<(Ordered, Step)>,
    /// The other graph orders them the other way.
    pub(super) reversed: Vec<(Ordered, Step)>,
    pub(super) is_incomplete: bool,
}

impl View<'_, '_> {
    /// Looks up what every own step orders, and collects the records and waits that had an effect.
    pub(super) fn broken(
        &self,
        own: &mut Reach<'_>,
        other: &mut Reach<'_>,
        effects: &mut FxHashSet<TaskId>,
    ) -> Broken {
        let is_common = |task: TaskId| self.from.is_work(task) && self.partner(task).is_some();
        let mut search = Search::new(self.from, is_common);
        let mut pairs: FxHashMap<Ordered, (bool, Step)> = FxHashMap::default();
        let mut is_incomplete = false;
        let is_circular = !self.from.trace.links.circles().is_empty();
        for step in self.own_steps() {
            let nearest = search.before(step.from).zip(search.behind(step.to));
            let Some((sources, targets)) =
                nearest.filter(|(a, b)| a.len().saturating_mul(b.len()) <= MAX_PAIRS)
            else {
                is_incomplete = true;
                continue;
            };
            let mut has_effect = false;
            // The fewer tasks are held fast, the fewer searches it takes.
            let is_few = sources.len() <= targets.len();
            let (few, many) = if is_few { (&sources, &targets) } else { (&targets, &sources) };
            for &fixed in few {
                for &task in many {
                    let (first, second) = if is_few { (fixed, task) } else { (task, fixed) };
                    // In a circle a step need not order anything.
                    if first == second || (is_circular && !own.is_before(first, second, fixed)) {
                        continue;
                    }
                    let (a, b) = self.partners((task, fixed));
                    let relation = other.relation(a, b);
                    let relation = if is_few { relation.turned() } else { relation };
                    is_incomplete |= relation == Relation::Unknown;
                    if matches!(relation, Relation::Apart | Relation::Behind) {
                        has_effect = true;
                        pairs.entry((first, second)).or_insert_with(|| {
                            (relation == Relation::Behind, effect::telling(self.from.trace, step))
                        });
                    }
                }
            }
            if has_effect {
                effects.extend(effect::syncs(self.from, step));
            }
        }
        let mut broken = Broken { lost: Vec::new(), reversed: Vec::new(), is_incomplete };
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable_by_key(|(pair, _)| *pair);
        for (pair, (is_reversed, step)) in pairs {
            let list = if is_reversed { &mut broken.reversed } else { &mut broken.lost };
            list.push((pair, step));
        }
        broken
    }

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
                    && behind[its_partner.index()] != Some(partner)
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
    fn common_behind(&self) -> Vec<Option<TaskId>> {
        let mut behind = vec![None; self.to.trace.tasks.len()];
        for lane in self.to.trace.lanes.keys() {
            let mut common = self.to.items(lane).iter().copied().filter(|&task| self.is_partner(task));
            if let Some(mut before) = common.next() {
                for task in common {
                    behind[before.index()] = Some(task);
                    before = task;
                }
            }
        }
        behind
    }
}
