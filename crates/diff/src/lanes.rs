//! Streams paired by role and content.
//!
//! The origin streams stand for each other. A paired stream tells its neighbours apart: what forks from it here, or joins it there. So
//! streams are paired by what they do and by where they are linked to streams that are paired already, the clear cases first;
//! equal ones in order; at last those that are alike.
//!
//! **Invariant:** ties are broken by the order of streams alone.

use acg_entity::Entity;
use acg_trace::{LaneId, TaskId};
use rustc_hash::FxHashMap;

use crate::hash::mix;
use crate::matching::Matching;
use crate::side::Prepared;
use crate::similarity;
use crate::tasks;

/// After so many rounds, everything that can be paired is paired at once.
const PATIENT_ROUNDS: u32 = 64;
/// After so many rounds of finding what is alike, which look at every task, too.
const PATIENT_GUESSES: u32 = 8;

/// What is known of the streams of one side.
struct Known {
    /// For each lane, a hash of what it does, in all compared columns.
    exact: Vec<u64>,
    /// For each lane, a hash of what it does, by names alone.
    loose: Vec<u64>,
    /// For each lane, a sum over its links to paired lanes, free of their order.
    context: Vec<u64>,
    /// For each lane, its links to paired lanes, without its own position.
    links: Vec<Vec<u64>>,
}

/// By what streams are the same, the strictest first.
#[derive(Clone, Copy)]
enum Sameness {
    /// What they do, and where.
    Exact,
    /// What they do by names, and where.
    Loose,
    /// What they do, elsewhere.
    ExactElsewhere,
    /// What they do by names, elsewhere.
    LooseElsewhere,
}

impl Sameness {
    const ALL: [Self; 4] = [Self::Exact, Self::Loose, Self::ExactElsewhere, Self::LooseElsewhere];
}

impl Known {
    /// What a lane shares with the lanes that are the same.
    fn name(&self, lane: LaneId, sameness: Sameness) -> u64 {
        let at = lane.index();
        match sameness {
            Sameness::Exact => mix([self.exact[at], self.context[at]]),
            Sameness::Loose => mix([self.loose[at], self.context[at]]),
            Sameness::ExactElsewhere => self.exact[at],
            Sameness::LooseElsewhere => self.loose[at],
        }
    }

    fn of(side: &Prepared<'_>) -> Self {
        let lanes = side.trace.lanes.len();
        let exact = |lane| mix(side.items(lane).iter().map(|&task| side.exact(task)));
        let loose = |lane| mix(side.items(lane).iter().map(|&task| side.loose(task)));
        Self {
            exact: side.trace.lanes.keys().map(exact).collect(),
            loose: side.trace.lanes.keys().map(loose).collect(),
            context: vec![0; lanes],
            links: vec![Vec::new(); lanes],
        }
    }
}

struct Pairing<'a, 't> {
    old: &'a Prepared<'t>,
    new: &'a Prepared<'t>,
    matching: &'a mut Matching,
    known: [Known; 2],
}

/// Pairs the streams of two graphs, and their tasks in place.
pub(crate) fn pair(old: &Prepared<'_>, new: &Prepared<'_>, matching: &mut Matching) {
    let known = [Known::of(old), Known::of(new)];
    let mut pairing = Pairing { old, new, matching, known };
    pairing.accept(&[(old.trace.origin(), new.trace.origin())]);
    let (mut rounds, mut guesses) = (0, 0);
    loop {
        let all_at_once = rounds > PATIENT_ROUNDS;
        let mut same = Sameness::ALL.into_iter().map(|sameness| pairing.same(sameness, all_at_once));
        let found = same.find(|found| !found.is_empty()).unwrap_or_else(|| {
            guesses += 1;
            pairing.alike(guesses > PATIENT_GUESSES)
        });
        if found.is_empty() {
            return;
        }
        rounds += 1;
        pairing.accept(&found);
    }
}

impl Pairing<'_, '_> {
    fn unpaired(&self) -> (Vec<LaneId>, Vec<LaneId>) {
        let (old, new) = (self.old.trace.lanes.keys(), self.new.trace.lanes.keys());
        (
            old.filter(|&lane| self.matching.new_lane(lane).is_none()).collect(),
            new.filter(|&lane| self.matching.old_lane(lane).is_none()).collect(),
        )
    }

    /// Streams that are the same: all that are so with one other only, or else one family of several, in order.
    fn same(&self, sameness: Sameness, all_at_once: bool) -> Vec<(LaneId, LaneId)> {
        let (old, new) = self.unpaired();
        let mut families: FxHashMap<u64, usize> = FxHashMap::default();
        let mut members: Vec<(Vec<LaneId>, Vec<LaneId>)> = Vec::new();
        for (side, lanes) in [old, new].into_iter().enumerate() {
            for lane in lanes {
                let name = self.known[side].name(lane, sameness);
                let family = *families.entry(name).or_insert_with(|| {
                    members.push((Vec::new(), Vec::new()));
                    members.len() - 1
                });
                if side == 0 { members[family].0.push(lane) } else { members[family].1.push(lane) }
            }
        }
        let pairs = |family: &(Vec<LaneId>, Vec<LaneId>)| -> Vec<(LaneId, LaneId)> {
            family.0.iter().copied().zip(family.1.iter().copied()).collect()
        };
        let single = members.iter().filter(|family| family.0.len() == 1 && family.1.len() == 1);
        let clear: Vec<_> = single.flat_map(pairs).collect();
        if !clear.is_empty() && !all_at_once {
            return clear;
        }
        if all_at_once {
            return members.iter().flat_map(pairs).collect();
        }
        let even = members.iter().find(|family| family.0.len() == family.1.len());
        let any = || members.iter().find(|family| !family.0.is_empty() && !family.1.is_empty());
        even.or_else(any).map(pairs).unwrap_or_default()
    }

    /// Streams that do nearly the same, or do it at nearly the same place.
    fn alike(&self, all_at_once: bool) -> Vec<(LaneId, LaneId)> {
        let (old, new) = self.unpaired();
        if old.is_empty() || new.is_empty() {
            return Vec::new();
        }
        let features = |side: &Prepared<'_>, known: &Known, lanes: &[LaneId]| -> Vec<Vec<u64>> {
            let of = |lane: &LaneId| {
                let names = side.items(*lane).iter().map(|&task| side.loose(task));
                similarity::features(names, &known.links[lane.index()])
            };
            lanes.iter().map(of).collect()
        };
        let old_features = features(self.old, &self.known[0], &old);
        let new_features = features(self.new, &self.known[1], &new);
        let pairs = similarity::best_pairs(&old_features, &new_features, all_at_once);
        pairs.into_iter().map(|(a, b)| (old[a as usize], new[b as usize])).collect()
    }

    /// Pairs lanes with their tasks, and tells their unpaired neighbours.
    fn accept(&mut self, pairs: &[(LaneId, LaneId)]) {
        for &(old, new) in pairs {
            self.matching.pair_lanes(old, new);
            tasks::align(self.old, self.new, (old, new), self.matching);
        }
        for &(old, new) in pairs {
            let name = old.index() as u64;
            let matching = &*self.matching;
            let is_open = |lane| matching.new_lane(lane).is_none();
            let in_place = |task| Some(task).filter(|&task| matching.is_in_place(task));
            tell(self.old, old, name, &mut self.known[0], is_open, in_place);
            let is_open = |lane| matching.old_lane(lane).is_none();
            let in_place = |task| matching.old_of(task).filter(|&task| matching.is_in_place(task));
            tell(self.new, new, name, &mut self.known[1], is_open, in_place);
        }
    }
}

/// Tells the open neighbours of a lane where they are linked to it: behind which task that both graphs have.
fn tell(
    side: &Prepared<'_>,
    lane: LaneId,
    name: u64,
    known: &mut Known,
    is_open: impl Fn(LaneId) -> bool,
    in_place: impl Fn(TaskId) -> Option<TaskId>,
) {
    let mut anchor = 0;
    for &task in side.items(lane) {
        if let Some(old) = in_place(task) {
            anchor = old.index() as u64 + 1;
        }
        let is_wait = u64::from(side.trace.links.record_of(task).is_some());
        for other in side.links(task) {
            let neighbour = side.lane(other);
            if is_open(neighbour) {
                let link = mix([name, anchor, is_wait]);
                let own = mix([link, u64::from(side.position(other))]);
                let at = neighbour.index();
                known.context[at] = known.context[at].wrapping_add(own);
                known.links[at].push(link);
            }
        }
    }
}
