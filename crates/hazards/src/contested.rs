//! Which accesses of a graph its lanes can race for at all.
//!
//! Most memory of most graphs is touched by one lane only, or by several lanes each in a part of its own. Telling that takes
//! sorted ranges; finding races takes clocks and a structure that changes with every access. So what no other lane touches is
//! left out beforehand, first whole allocations, then single accesses, and what remains falls apart into [`Patch`]es.
//!
//! **Invariant:** two conflicting accesses on different lanes are both contested, and in one patch. A write that is left out
//! would have hidden accesses of its own lane only, so leaving it out changes no race.

use acg_entity::Entity;

/// An access of a lane: from its first to its last byte, those between that it does not touch included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<R> {
    pub(crate) root: R,
    pub(crate) lane: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) writes: bool,
}

acg_entity::entity! {
    /// A part of an allocation; contested accesses to different parts have no byte in common.
    Patch, "patch"
}

/// How far the lane that comes first to an allocation reaches in it, and how far the others do together.
#[derive(Clone, Copy, Debug)]
struct Reach {
    lane: u32,
    first: Hull,
    others: Option<Others>,
}

#[derive(Clone, Copy, Debug)]
struct Hull {
    start: u64,
    end: u64,
    writes: bool,
}

/// What lanes but the first one reach.
#[derive(Clone, Copy, Debug)]
struct Others {
    hull: Hull,
    lane: u32,
    /// Whether there are several, which may race with each other.
    several: bool,
}

/// How far lanes reach in each allocation.
#[derive(Debug)]
pub(crate) struct Reaches<R> {
    /// By allocation.
    reaches: Vec<Option<Reach>>,
    roots: Vec<R>,
}

impl<R> Default for Reaches<R> {
    fn default() -> Self {
        Self { reaches: Vec::new(), roots: Vec::new() }
    }
}

impl Hull {
    fn of<R>(claim: &Claim<R>) -> Self {
        Self { start: claim.start, end: claim.end, writes: claim.writes }
    }

    fn join(&mut self, other: Self) {
        self.start = self.start.min(other.start);
        self.end = self.end.max(other.end);
        self.writes |= other.writes;
    }
}

impl Reach {
    fn add(&mut self, lane: u32, hull: Hull) {
        if lane == self.lane {
            self.first.join(hull);
        } else if let Some(others) = &mut self.others {
            others.hull.join(hull);
            others.several |= others.lane != lane;
        } else {
            self.others = Some(Others { hull, lane, several: false });
        }
    }

    /// Whether two lanes may reach the same bytes, one of them writing.
    fn is_contested(&self) -> bool {
        let first = self.first;
        self.others.is_some_and(|Others { hull, several, .. }| {
            let meet = first.start < hull.end && hull.start < first.end && (first.writes || hull.writes);
            meet || (several && hull.writes)
        })
    }
}

impl<R: Entity> Reaches<R> {
    /// Adds an access.
    pub(crate) fn add(&mut self, claim: &Claim<R>) {
        let at = claim.root.index();
        if at >= self.reaches.len() {
            self.reaches.resize(at + 1, None);
        }
        let hull = Hull::of(claim);
        match &mut self.reaches[at] {
            Some(reach) => reach.add(claim.lane, hull),
            none => {
                *none = Some(Reach { lane: claim.lane, first: hull, others: None });
                self.roots.push(claim.root);
            }
        }
    }

    /// Whether two lanes may reach the same bytes of an allocation, one of them writing.
    pub(crate) fn is_contested(&self, root: R) -> bool {
        self.reaches.get(root.index()).is_some_and(|reach| reach.is_some_and(|reach| reach.is_contested()))
    }

    /// Forgets everything, in no more time than it took to add it.
    pub(crate) fn clear(&mut self) {
        for root in self.roots.drain(..) {
            self.reaches[root.index()] = None;
        }
    }
}

/// The parts that contested memory falls apart into.
pub(crate) struct Patches<R> {
    /// For each claim the patch that it is in, `None` if it is not contested.
    pub(crate) of_claims: Vec<Option<Patch>>,
    /// For each patch its allocation; they are numbered by allocation and byte.
    pub(crate) roots: Vec<R>,
}

/// The patches of some claims.
pub(crate) fn patches<R: Entity>(claims: &[Claim<R>]) -> Patches<R> {
    let mut order: Vec<(R, u32, u64)> =
        claims.iter().zip(0..).map(|(claim, index)| (claim.root, index, claim.start)).collect();
    // Programs mostly go through memory as it lies there, and many graphs have one allocation.
    if !order.is_sorted_by_key(|&(_, _, start)| start) {
        radsort::sort_by_key(&mut order, |&(_, _, start)| start);
    }
    if !order.is_sorted_by_key(|&(root, _, _)| root) {
        radsort::sort_by_key(&mut order, |&(root, _, _)| root.index());
    }
    let claim = |index: u32| &claims[index as usize];
    let mut contested = vec![false; claims.len()];
    for of_root in order.chunk_by(|a, b| a.0 == b.0) {
        let forwards = of_root.iter().map(|&(_, index, start)| (index, start, claim(index).end));
        mark(claims, forwards, &mut contested);
        // The same from the other end, where all bytes have their complements for numbers.
        let backwards = of_root.iter().rev().map(|&(_, index, start)| (index, !claim(index).end, !start));
        mark(claims, backwards, &mut contested);
    }
    let (mut of_claims, mut roots, mut end) = (vec![None; claims.len()], Vec::new(), 0);
    for &(root, index, start) in order.iter().filter(|&&(_, index, _)| contested[index as usize]) {
        if roots.last() != Some(&root) || start >= end {
            roots.push(root);
            end = 0;
        }
        end = claim(index).end.max(end);
        of_claims[index as usize] = Some(Patch::at(roots.len() - 1));
    }
    Patches { of_claims, roots }
}

/// Marks those of the claims, given with their ranges by ascending start, that an earlier one of another lane reaches into,
/// one of the two writing.
fn mark<R>(claims: &[Claim<R>], ranges: impl Iterator<Item = (u32, u64, u64)>, contested: &mut [bool]) {
    let (mut written, mut touched) = (Furthest::default(), Furthest::default());
    for (index, start, end) in ranges {
        let &Claim { lane, writes, .. } = &claims[index as usize];
        if written.without(lane) > start || (writes && touched.without(lane) > start) {
            contested[index as usize] = true;
        }
        touched.add(lane, end);
        if writes {
            written.add(lane, end);
        }
    }
}

/// The two lanes that reach furthest.
#[derive(Clone, Copy, Debug, Default)]
struct Furthest {
    first: (u64, u32),
    /// Of another lane than the first one, if that is any.
    second: (u64, u32),
}

impl Furthest {
    fn add(&mut self, lane: u32, end: u64) {
        if lane == self.first.1 {
            self.first.0 = end.max(self.first.0);
        } else if end > self.first.0 {
            self.second = self.first;
            self.first = (end, lane);
        } else if end > self.second.0 {
            self.second = (end, lane);
        }
    }

    /// How far the lanes besides `lane` reach.
    fn without(&self, lane: u32) -> u64 {
        if lane == self.first.1 { self.second.0 } else { self.first.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use acg_entity::Entity;

    use super::{Claim, Patches, Reaches, patches};

    acg_entity::entity! {
        /// An allocation.
        Root, "root"
    }

    fn claim() -> impl Strategy<Value = Claim<Root>> {
        (0..4u32, 0..3u8, 0..40u64, 1..9u64, proptest::bool::weighted(0.3)).prop_map(
            |(lane, root, start, length, writes)| Claim {
                root: Root::at(usize::from(root)),
                lane,
                start,
                end: start + length,
                writes,
            },
        )
    }

    fn claims() -> impl Strategy<Value = Vec<Claim<Root>>> {
        proptest::collection::vec(claim(), 0..16)
    }

    fn meet(a: &Claim<Root>, b: &Claim<Root>) -> bool {
        a.root == b.root && a.start < b.end && b.start < a.end
    }

    fn conflict(a: &Claim<Root>, b: &Claim<Root>) -> bool {
        a.lane != b.lane && (a.writes || b.writes) && meet(a, b)
    }

    proptest! {
        #[test]
        fn contested_is_what_conflicts_with_another_lane(claims in claims()) {
            let Patches { of_claims, roots } = patches(&claims);
            prop_assert_eq!(of_claims.len(), claims.len());
            for (a, patch) in claims.iter().zip(&of_claims) {
                let conflicts = claims.iter().any(|b| conflict(a, b));
                prop_assert_eq!(patch.is_some(), conflicts, "{:?}", a);
                prop_assert!(patch.is_none_or(|patch| roots[patch.index()] == a.root));
            }
        }

        #[test]
        fn what_meets_is_in_one_patch_and_patches_ascend(claims in claims()) {
            let placed: Vec<_> = claims.iter().zip(patches(&claims).of_claims).collect();
            for (a, of_a) in placed.iter().filter(|placed| placed.1.is_some()) {
                for (b, of_b) in placed.iter().filter(|placed| placed.1.is_some()) {
                    prop_assert!(!meet(a, b) || of_a == of_b, "{a:?} and {b:?}");
                    prop_assert!(a.root == b.root || of_a != of_b, "{a:?} and {b:?}");
                    let apart = (a.root, a.end) <= (b.root, b.start) && a.root == b.root;
                    prop_assert!(!apart || of_a <= of_b, "{a:?} and {b:?}");
                }
            }
        }

        #[test]
        fn whatever_conflicts_is_to_a_contested_allocation(claims in claims()) {
            let mut reaches = Reaches::default();
            for claim in &claims {
                reaches.add(claim);
            }
            for a in &claims {
                let conflicts = claims.iter().any(|b| conflict(a, b));
                prop_assert!(!conflicts || reaches.is_contested(a.root), "{a:?}");
            }
            let roots = || (0..3).map(Root::at);
            for root in roots().filter(|&root| reaches.is_contested(root)) {
                let on = |lane| claims.iter().filter(move |claim| claim.lane == lane && claim.root == root);
                prop_assert!((0..4).filter(|&lane| on(lane).next().is_some()).count() > 1, "one lane alone");
                prop_assert!((0..4).any(|lane| on(lane).any(|claim| claim.writes)), "reads alone");
            }
            reaches.clear();
            prop_assert!(roots().all(|root| !reaches.is_contested(root)));
        }
    }
}
