//! Which allocations the lanes of a graph can race for at all.
//!
//! Most memory of most graphs is touched by one lane only, or by several lanes each in a part of its own. Telling that
//! takes a look at each access; finding races takes much more.
//!
//! **Invariant:** two conflicting accesses on different lanes are to memory that is contested; the reverse need not hold.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

/// The bytes between the first and the last one that a lane touches.
#[derive(Clone, Copy, Debug)]
struct Reach {
    start: u64,
    end: u64,
    writes: bool,
}

/// How far each lane reaches in each allocation.
#[derive(Debug)]
pub(crate) struct Reaches<R> {
    by_lane: FxHashMap<(R, u32), Reach>,
}

impl<R> Default for Reaches<R> {
    fn default() -> Self {
        Self { by_lane: FxHashMap::default() }
    }
}

impl<R: Copy + Eq + Ord + Hash> Reaches<R> {
    /// Adds an access to the bytes from `start` to `end` of `root`.
    pub(crate) fn add(&mut self, lane: u32, root: R, start: u64, end: u64, writes: bool) {
        let reach = self.by_lane.entry((root, lane)).or_insert(Reach { start, end, writes });
        reach.start = reach.start.min(start);
        reach.end = reach.end.max(end);
        reach.writes |= writes;
    }

    /// The allocations in which two lanes reach the same bytes and one of them writes.
    pub(crate) fn contested(self) -> FxHashSet<R> {
        let mut reaches: Vec<(R, Reach)> =
            self.by_lane.into_iter().map(|((root, _), reach)| (root, reach)).collect();
        reaches.sort_unstable_by_key(|&(root, reach)| (root, reach.start));
        let mut contested = FxHashSet::default();
        for of_root in reaches.chunk_by(|a, b| a.0 == b.0) {
            // How far the reaches so far go, those that are written and all of them.
            let (mut written, mut touched) = (0, 0);
            for &(root, reach) in of_root {
                if reach.start < written || (reach.writes && reach.start < touched) {
                    contested.insert(root);
                    break;
                }
                touched = touched.max(reach.end);
                if reach.writes {
                    written = written.max(reach.end);
                }
            }
        }
        contested
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Reaches;

    type Access = (u32, u8, u64, u64, bool);

    fn access() -> impl Strategy<Value = Access> {
        (0..3u32, 0..3u8, 0..40u64, 1..9u64, proptest::bool::weighted(0.3))
            .prop_map(|(lane, root, start, length, writes)| (lane, root, start, start + length, writes))
    }

    fn conflict(a: &Access, b: &Access) -> bool {
        a.0 != b.0 && a.1 == b.1 && (a.4 || b.4) && a.2 < b.3 && b.2 < a.3
    }

    proptest! {
        #[test]
        fn whatever_conflicts_is_contested(accesses in proptest::collection::vec(access(), 0..8)) {
            let mut reaches = Reaches::default();
            for &(lane, root, start, end, writes) in &accesses {
                reaches.add(lane, root, start, end, writes);
            }
            let contested = reaches.contested();
            for a in &accesses {
                for b in accesses.iter().filter(|b| conflict(a, b)) {
                    prop_assert!(contested.contains(&a.1), "{a:?} and {b:?}");
                }
            }
            for root in contested {
                let on = |lane| accesses.iter().filter(move |access| access.0 == lane && access.1 == root);
                prop_assert!((0..3).filter(|&lane| on(lane).next().is_some()).count() > 1, "one lane alone");
                prop_assert!((0..3).any(|lane| on(lane).any(|access| access.4)), "reads alone");
            }
        }
    }
}
