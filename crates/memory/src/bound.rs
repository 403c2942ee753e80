//! What no placement can go below.

use crate::{Instance, Lifetimes, antichain};

/// Why a bound holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundKind {
    /// The members are in use at one time, and no time has more: the largest sum under intervals.
    MaxLoad,
    /// The members conflict with each other, and no such set is heavier: the heaviest antichain.
    Antichain,
    /// The members conflict with each other; a heavier set may exist.
    Clique,
}

/// A lower bound for the peak of every placement, with the buffers that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Bytes that every arena has at least.
    pub bytes: u64,
    /// Why.
    pub kind: BoundKind,
    /// Buffers that all conflict and together reserve `bytes`, ascending.
    pub members: Vec<u32>,
}

/// The best bound for `instance` by sets of buffers that all conflict; the heaviest of them only if it is found in so many steps, a
/// nanosecond or two each.
pub fn bound(instance: &Instance, steps: u64) -> Bound {
    let sizes = instance.reserved();
    let heaviest = match instance.lifetimes() {
        Lifetimes::Intervals(_) => None,
        Lifetimes::Accesses(accesses) => antichain::heaviest(accesses, &sizes, &mut steps.clone()),
    };
    let (kind, (bytes, members)) = match (heaviest, instance.lifetimes()) {
        (Some(heaviest), _) => (BoundKind::Antichain, heaviest),
        (None, Lifetimes::Intervals(_)) => (BoundKind::MaxLoad, heaviest_at_issue(instance, &sizes)),
        (None, Lifetimes::Accesses(_)) => (BoundKind::Clique, heaviest_at_issue(instance, &sizes)),
    };
    or_alone(&sizes, Bound { bytes, kind, members })
}

/// `bound`, or the largest buffer: one that nothing accesses is in no set and takes its place all the same.
pub(crate) fn or_alone(sizes: &[u64], bound: Bound) -> Bound {
    let alone = (0..sizes.len()).max_by_key(|&buffer| (sizes[buffer], std::cmp::Reverse(buffer)));
    match alone {
        Some(buffer) if sizes[buffer] > bound.bytes => {
            Bound { bytes: sizes[buffer], members: vec![buffer as u32], ..bound }
        }
        _ => bound,
    }
}

/// The heaviest set of buffers in use at once if tasks ran one by one in the order of issue: they all conflict.
pub(crate) fn heaviest_at_issue(instance: &Instance, sizes: &[u64]) -> (u64, Vec<u32>) {
    match instance.lifetimes() {
        Lifetimes::Intervals(intervals) => intervals.max_load(sizes),
        Lifetimes::Accesses(accesses) => accesses.max_load_at_issue(sizes),
    }
}
