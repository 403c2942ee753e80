//! Work that is not at its place any more: found elsewhere, or replaced where it was.

use acg_trace::TaskId;
use rustc_hash::FxHashMap;

use crate::matching::Matching;
use crate::side::Prepared;

/// Pairs what is left of the work: equal tasks wherever they are, those on the same stream first; then tasks of a name that
/// is left once on each side; at last a task that stands where a single other one stood, or several of one name.
pub(crate) fn pair(old: &Prepared<'_>, new: &Prepared<'_>, matching: &mut Matching) {
    let moves = Moves { old, new };
    moves.equal(matching);
    moves.by_unique_name(matching);
    moves.replaced(matching);
}

struct Moves<'a, 't> {
    old: &'a Prepared<'t>,
    new: &'a Prepared<'t>,
}

/// If more equal tasks than this are left on both sides, and not as many on the one as on the other, nobody can tell who is who.
const MOST_LOOK_ALIKES: usize = 32;

/// The tasks of each side that share a token, in order.
type Shared = (Vec<TaskId>, Vec<TaskId>);

impl<'t> Moves<'_, 't> {
    /// The work that is not paired, by token, in order of first occurrence.
    fn left(&self, matching: &Matching, token: impl Fn(&Prepared<'t>, TaskId) -> u64) -> Vec<Shared> {
        let mut index: FxHashMap<u64, usize> = FxHashMap::default();
        let mut shared: Vec<Shared> = Vec::new();
        for &task in self.old.all_items() {
            if self.old.is_work(task) && matching.new_of(task).is_none() {
                let at = *index.entry(token(self.old, task)).or_insert_with(|| {
                    shared.push(Shared::default());
                    shared.len() - 1
                });
                shared[at].0.push(task);
            }
        }
        for &task in self.new.all_items() {
            if self.new.is_work(task)
                && matching.old_of(task).is_none()
                && let Some(&at) = index.get(&token(self.new, task))
            {
                shared[at].1.push(task);
            }
        }
        shared
    }

    fn equal(&self, matching: &mut Matching) {
        for (old, new) in self.left(matching, Prepared::exact) {
            if new.is_empty() || (old.len() != new.len() && old.len().min(new.len()) > MOST_LOOK_ALIKES) {
                continue;
            }
            self.within_lanes(&old, &new, matching);
            let old = old.iter().filter(|&&task| matching.new_of(task).is_none());
            let new = new.iter().filter(|&&task| matching.old_of(task).is_none());
            let pairs: Vec<_> = old.copied().zip(new.copied()).collect();
            for (old, new) in pairs {
                matching.pair_moved(old, new);
            }
        }
    }

    /// Pairs in order those that are on streams which stand for each other.
    fn within_lanes(&self, old: &[TaskId], new: &[TaskId], matching: &mut Matching) {
        let mut by_lane: FxHashMap<_, std::collections::VecDeque<TaskId>> = FxHashMap::default();
        for &task in new {
            by_lane.entry(self.new.lane(task)).or_default().push_back(task);
        }
        for &task in old {
            let lane = matching.new_lane(self.old.lane(task));
            let partner = lane.and_then(|lane| by_lane.get_mut(&lane)?.pop_front());
            if let Some(partner) = partner {
                matching.pair_moved(task, partner);
            }
        }
    }

    fn by_unique_name(&self, matching: &mut Matching) {
        for shared in self.left(matching, Prepared::loose) {
            if let ([old], [new]) = (&shared.0[..], &shared.1[..]) {
                matching.pair_moved(*old, *new);
            }
        }
    }

    /// Pairs the only task that is gone between two neighbours with the only new one between them, if both are kernels or neither;
    /// several, if those of each side are all of one name and there are as many.
    fn replaced(&self, matching: &mut Matching) {
        for (old_lane, new_lane) in matching.lane_pairs() {
            let mut new_items = self.new.items(new_lane).iter().copied();
            let mut gone = Vec::new();
            let old_items = self.old.items(old_lane).iter().copied().map(Some).chain([None]);
            for task in old_items {
                if let Some(task) = task.filter(|&task| !matching.is_in_place(task)) {
                    if self.old.is_work(task) && matching.new_of(task).is_none() {
                        gone.push(task);
                    }
                    continue;
                }
                let end = task.and_then(|task| matching.new_of(task));
                let gap = new_items.by_ref().take_while(|&task| Some(task) != end);
                let open = |&task: &TaskId| self.new.is_work(task) && matching.old_of(task).is_none();
                let come: Vec<TaskId> = gap.filter(open).collect();
                if gone.len() == come.len() && is_alike(self.old, &gone) && is_alike(self.new, &come) {
                    let pairs = gone.iter().zip(&come);
                    let pairs =
                        pairs.filter(|(old, new)| self.old.is_kernel(**old) == self.new.is_kernel(**new));
                    pairs.for_each(|(&old, &new)| matching.pair_in_place(old, new));
                }
                gone.clear();
            }
        }
    }
}

/// Whether tasks all have one name.
fn is_alike(side: &Prepared<'_>, tasks: &[TaskId]) -> bool {
    tasks.windows(2).all(|pair| side.loose(pair[0]) == side.loose(pair[1]))
}
