//! Which accesses of a graph its lanes can race for at all.
//!
//! Most memory of most graphs is touched by one lane only, or by several lanes each in a part of its own. Telling that takes
//! sorted ranges; finding races takes clocks and a structure that changes with every access. So what no other lane touches is
//! left out beforehand, first whole allocations, then single accesses, and what remains falls apart into [`Patch`]es.
//!
//! **Invariant:** two conflicting accesses on different lanes are both contested, and in one patch. A write that is left out
//! would have hidden accesses of its own lane only, so leaving it out changes no race.

use acg_entity::{Entity, Rows};

/// An access of a lane: from its first to its last byte, those between that it does not touch included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<R> {
    pub(crate) root: R,
    pub(crate) lane: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) writes: bool,
}

impl<R> Claim<R> {
    /// The same bytes, counted from the other end.
    fn mirrored(self) -> Self {
        Self { start: !self.end, end: !self.start, ..self }
    }
}

acg_entity::entity! {
    /// A part of an allocation; contested accesses to different parts have no byte in common.
    Patch, "patch"
}

/// Who touches an allocation.
#[derive(Clone, Copy, Debug)]
struct Users {
    /// The lane that comes first to it; its number among the contested ones, once those are known.
    first: u32,
    several: bool,
    writes: bool,
}

const UNUSED: Users = Users { first: u32::MAX, several: false, writes: false };

/// Who touches which allocations, for one graph after the other.
#[derive(Debug)]
pub(crate) struct Lanes<R> {
    /// By allocation.
    users: Vec<Users>,
    /// Those that anybody touches.
    roots: Vec<R>,
    are_contested: bool,
}

impl<R> Default for Lanes<R> {
    fn default() -> Self {
        Self { users: Vec::new(), roots: Vec::new(), are_contested: false }
    }
}

impl<R: Entity> Lanes<R> {
    /// Adds an access.
    pub(crate) fn add(&mut self, root: R, lane: u32, writes: bool) {
        let at = root.index();
        if at >= self.users.len() {
            self.users.resize(at + 1, UNUSED);
        }
        let users = &mut self.users[at];
        if users.first == UNUSED.first {
            *users = Users { first: lane, several: false, writes };
            self.roots.push(root);
        } else {
            users.several |= users.first != lane;
            users.writes |= writes;
            self.are_contested |= users.several && users.writes;
        }
    }

    /// Whether any allocation is contested.
    pub(crate) fn are_contested(&self) -> bool {
        self.are_contested
    }

    /// Whether several lanes touch an allocation, one of them writing.
    pub(crate) fn is_contested(&self, root: R) -> bool {
        self.users.get(root.index()).is_some_and(|users| users.several && users.writes)
    }

    /// Numbers the contested allocations in their order, and gives them.
    fn number(&mut self) -> Vec<R> {
        let mut contested: Vec<R> =
            self.roots.iter().copied().filter(|&root| self.is_contested(root)).collect();
        contested.sort_unstable();
        for (number, root) in (0..).zip(&contested) {
            self.users[root.index()].first = number;
        }
        contested
    }

    fn number_of(&self, root: R) -> Contested {
        Contested::at(self.users[root.index()].first as usize)
    }

    /// Forgets everything, in no more time than it took to add it.
    pub(crate) fn clear(&mut self) {
        for root in self.roots.drain(..) {
            self.users[root.index()] = UNUSED;
        }
        self.are_contested = false;
    }
}

acg_entity::entity! {
    /// An allocation that several lanes of a graph touch, by its number among those.
    Contested, "contested"
}

/// The parts that contested memory falls apart into.
pub(crate) struct Patches<R> {
    /// For each claim the patch that it is in, `None` if it is not contested.
    pub(crate) of_claims: Vec<Option<Patch>>,
    /// For each patch its allocation; they are numbered by allocation and byte.
    pub(crate) roots: Vec<R>,
}

/// The patches of the first `count` claims that `claim` gives; all of them are on contested allocations, and `lanes` ends up empty.
pub(crate) fn patches<R: Entity>(
    count: usize,
    claim: impl Fn(u32) -> Claim<R>,
    lanes: &mut Lanes<R>,
) -> Patches<R> {
    let mut patches = Patches { of_claims: vec![None; count], roots: Vec::new() };
    let roots = lanes.number();
    let claims = (0..count as u32).map(|index| (lanes.number_of(claim(index).root), index));
    let claims_of = Rows::of(roots.len(), claims);
    let mut row = Row::default();
    for (of_root, root) in roots.iter().enumerate() {
        let indices = &claims_of[Contested::at(of_root)];
        if !may_meet(indices.iter().map(|&index| claim(index))) {
            continue;
        }
        row.fill(indices, &claim);
        let mut end = None;
        for (index, claim) in row.contested() {
            if end.is_none_or(|end| claim.start >= end) {
                patches.roots.push(*root);
            }
            end = end.max(Some(claim.end));
            patches.of_claims[index as usize] = Some(Patch::at(patches.roots.len() - 1));
        }
    }
    lanes.clear();
    patches
}

/// The claims on one allocation by ascending start, and whether each is contested.
struct Row<R> {
    indices: Vec<u32>,
    claims: Vec<Claim<R>>,
    contested: Vec<bool>,
}

impl<R> Default for Row<R> {
    fn default() -> Self {
        Self { indices: Vec::new(), claims: Vec::new(), contested: Vec::new() }
    }
}

impl<R: Entity> Row<R> {
    fn fill(&mut self, indices: &[u32], claim: impl Fn(u32) -> Claim<R>) {
        self.indices.clear();
        self.indices.extend_from_slice(indices);
        sort(&mut self.indices, |index| claim(index).start);
        self.claims.clear();
        self.claims.extend(self.indices.iter().map(|&index| claim(index)));
        self.contested.clear();
        self.contested.resize(self.claims.len(), false);
        mark(self.claims.iter().copied().enumerate(), &mut self.contested);
        // The same from the other end, where all bytes have their complements for numbers.
        let mirrored = self.claims.iter().map(|claim| claim.mirrored());
        mark(mirrored.enumerate().rev(), &mut self.contested);
    }

    fn contested(&self) -> impl Iterator<Item = (u32, Claim<R>)> {
        let all = self.indices.iter().copied().zip(self.claims.iter().copied()).zip(&self.contested);
        all.filter(|&(_, is_contested)| *is_contested).map(|(claim, _)| claim)
    }
}

/// Whether the lane that comes first and the others may touch the same bytes, given how far they reach; of three lanes any may.
fn may_meet<R>(mut claims: impl Iterator<Item = Claim<R>>) -> bool {
    let Some(Claim { lane: first, start, end, .. }) = claims.next() else { return false };
    let (mut own, mut other) = ((start, end), None);
    claims.any(|Claim { lane, start, end, .. }| {
        let mut range = &mut own;
        if lane != first {
            let (second, reach) = other.get_or_insert((lane, (start, end)));
            if *second != lane {
                return true;
            }
            range = reach;
        }
        *range = (range.0.min(start), range.1.max(end));
        other.is_some_and(|(_, (start, end))| start < own.1 && own.0 < end)
    })
}

/// From so many claims on digits are compared instead of numbers.
const MANY: usize = 256;

/// Sorts by a key.
fn sort(order: &mut [u32], key: impl Fn(u32) -> u64) {
    // Programs mostly go through memory as it lies there, and many graphs have one allocation.
    if order.is_sorted_by_key(|&index| key(index)) {
        return;
    }
    if order.len() < MANY {
        order.sort_unstable_by_key(|&index| key(index));
        return;
    }
    let mut keyed: Vec<(u64, u32)> = order.iter().map(|&index| (key(index), index)).collect();
    radsort::sort_by_key(&mut keyed, |keyed| keyed.0);
    for (index, keyed) in order.iter_mut().zip(keyed) {
        *index = keyed.1;
    }
}

/// Marks those of the claims, numbered and by ascending start, that an earlier one of another lane reaches into, one of the two writing.
fn mark<R>(claims: impl Iterator<Item = (usize, Claim<R>)>, contested: &mut [bool]) {
    let (mut written, mut touched) = (Furthest::default(), Furthest::default());
    for (at, Claim { lane, start, end, writes, .. }) in claims {
        if written.without(lane) > start || (writes && touched.without(lane) > start) {
            contested[at] = true;
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

    use super::{Claim, Lanes, Patches};

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

    /// The patches of claims, those on allocations that are not contested being in none.
    fn patches(claims: &[Claim<Root>]) -> Patches<Root> {
        let mut lanes = Lanes::default();
        for claim in claims {
            lanes.add(claim.root, claim.lane, claim.writes);
        }
        let kept: Vec<usize> = (0..claims.len()).filter(|&at| lanes.is_contested(claims[at].root)).collect();
        let found = super::patches(kept.len(), |index| claims[kept[index as usize]], &mut lanes);
        assert!((0..3).all(|root| !lanes.is_contested(Root::at(root))), "the next graph starts with none");
        let mut of_claims = vec![None; claims.len()];
        kept.iter().zip(found.of_claims).for_each(|(&at, patch)| of_claims[at] = patch);
        Patches { of_claims, ..found }
    }

    proptest! {
        #[test]
        fn sorting_puts_keys_in_order(keys in proptest::collection::vec(any::<u64>(), 0..2 * super::MANY)) {
            let mut order: Vec<u32> = (0..keys.len() as u32).collect();
            super::sort(&mut order, |index| keys[index as usize]);
            prop_assert!(order.is_sorted_by_key(|&index| keys[index as usize]));
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..keys.len() as u32));
        }

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
    }
}
