//! What plans for the same buffers take at least, one plan after another.
//!
//! Plans that differ little have mostly the same heaviest antichain, and a flow that is mostly the same. Where no member of the one that is known precedes another and
//! every buffer still precedes what it hands its bytes to, they prove each other, and no flow is looked for; else the flow begins with what is left of it.
//!
//! **Invariant:** what a plan weighs depends on no plan before; those decide how many steps it takes and which of several equally heavy antichains
//! is given.

use crate::antichain::Flow;
use crate::bound::{heaviest_at_issue, or_alone};
use crate::hand_over::{Handed, hand_over};
use crate::{Accesses, Bound, BoundKind, Instance, Lifetimes, bound};

/// What is known of the last plan that took no more than was asked for.
#[derive(Clone, Debug, Default)]
pub struct Weighing {
    sizes: Vec<u64>,
    bytes: u64,
    members: Vec<u32>,
    handed: Vec<Handed>,
}

impl Weighing {
    /// The best bound for `instance` where it is at most `at_most` bytes, and is found in `steps`, from which it takes what it needed.
    pub fn bound_within(&mut self, instance: &Instance, at_most: u64, steps: &mut u64) -> Option<Bound> {
        let Lifetimes::Accesses(accesses) = instance.lifetimes() else {
            return Some(bound(instance, *steps)).filter(|bound| bound.bytes <= at_most);
        };
        let sizes = instance.reserved();
        if sizes != self.sizes {
            *self = Self { sizes, ..Self::default() };
        }
        if !self.is_known(accesses, at_most)? {
            // What is in use at once in one order is a quick bound from below.
            if at_most < u64::MAX && heaviest_at_issue(instance, &self.sizes).0 > at_most {
                return None;
            }
            self.find(accesses, at_most, steps)?;
        }
        let found = Bound { bytes: self.bytes, kind: BoundKind::Antichain, members: self.members.clone() };
        Some(or_alone(&self.sizes, found)).filter(|bound| bound.bytes <= at_most)
    }

    /// About how many bytes `instance` takes at least, found quickly: no less than what the heaviest antichain weighs.
    pub fn about(instance: &Instance) -> u64 {
        match instance.lifetimes() {
            Lifetimes::Intervals(_) => bound(instance, 0).bytes,
            Lifetimes::Accesses(accesses) => hand_over(accesses, &instance.reserved()).1,
        }
    }

    /// Whether the antichain that is known is the heaviest one here; `None` where this is more than `at_most`.
    fn is_known(&self, accesses: &Accesses, at_most: u64) -> Option<bool> {
        if self.members.is_empty() || !accesses.is_antichain(&self.members) {
            return Some(false);
        }
        if self.bytes > at_most {
            return None;
        }
        let is_kept = |handed: &Handed| accesses.precedes(handed.from as usize, handed.to as usize);
        Some(self.handed.iter().all(is_kept))
    }

    /// Finds the heaviest antichain and keeps it in mind unless it is heavier than `at_most`.
    fn find(&mut self, accesses: &Accesses, at_most: u64, steps: &mut u64) -> Option<()> {
        let mut flow = Flow::new(accesses, &self.sizes, steps)?;
        let handed = hand_over(accesses, &self.sizes).0;
        let is_kept = |handed: &&Handed| accesses.precedes(handed.from as usize, handed.to as usize);
        let kept: u64 = self.handed.iter().filter(is_kept).map(|handed| handed.bytes).sum();
        let mut both = [&self.handed, &handed];
        if handed.iter().map(|handed| handed.bytes).sum::<u64>() > kept {
            both.reverse();
        }
        for handed in both {
            flow.begin_with(handed);
        }
        let (bytes, members) = flow.heaviest(steps)?;
        if bytes > at_most {
            return None;
        }
        (self.bytes, self.members, self.handed) = (bytes, members, flow.handed());
        Some(())
    }
}
