//! Pairs that do not follow from others.

use acg_trace::TaskId;
use rustc_hash::FxHashMap;

use super::Ordered;
use super::reach::{Reach, Relation};

/// Up to so many pairs with a common task, those that follow from others are left out.
const MAX_FAMILY: usize = 256;

/// For each of `pairs`, whether it does not follow from another one of them and the order of their graph.
pub(super) fn minimal(pairs: &[Ordered], reach: &mut Reach<'_>) -> Vec<bool> {
    let mut keep = vec![true; pairs.len()];
    // First before second follows from first before other, if other comes before second.
    for family in families(pairs, |pair| pair.0) {
        for (at, other) in combinations(&family) {
            if keep[at] && reach.relation(pairs[other].1, pairs[at].1) == Relation::Before {
                keep[at] = false;
            }
        }
    }
    // It also follows from other before second, if first comes before other.
    for family in families(pairs, |pair| pair.1) {
        for (at, other) in combinations(&family) {
            if keep[at] && reach.relation(pairs[other].0, pairs[at].0) == Relation::Behind {
                keep[at] = false;
            }
        }
    }
    keep
}

/// The pairs that share a task, by position; in order.
fn families(pairs: &[Ordered], shared: impl Fn(&Ordered) -> TaskId) -> Vec<Vec<usize>> {
    let mut index: FxHashMap<TaskId, usize> = FxHashMap::default();
    let mut families: Vec<Vec<usize>> = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let family = *index.entry(shared(pair)).or_insert_with(|| {
            families.push(Vec::new());
            families.len() - 1
        });
        families[family].push(at);
    }
    families.retain(|family| (2..=MAX_FAMILY).contains(&family.len()));
    families
}

/// Each member with each other one.
fn combinations(family: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    family
        .iter()
        .flat_map(|&at| family.iter().filter(move |&&other| other != at).map(move |&other| (at, other)))
}
