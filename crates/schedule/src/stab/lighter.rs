//! Takes weight off a plan with stabbed waits.
//!
//! Fewer waits order less, so that more is in use at once. Where that is too much, tasks that have to do with the heaviest set of buffers change their
//! place and their stream, as in [`crate::lighten()`], but with waits placed anew each time; at first with no more of them, then with some of those that were
//! saved.
//!
//! **Invariant:** what comes out weighs no more than what went in, and keeps its limit.

use std::time::Instant;

use super::anneal::{Patience, Placed};
use super::moves::Changes;
use super::pass::Pass;
use super::random::Random;
use crate::lighten::{Scales, Weight};
use crate::{Dag, Plan};

/// Of so many parts of the records and waits that a plan may have more, those that it may have where weight stays too much, one after the other.
const PARTS: u32 = 16;
const GIVEN_BACK: [u32; 4] = [0, 4, 8, 16];

/// What a plan is to be like: no heavier than `enough` bytes, and with `most` sync tasks or fewer where that cannot be had with those it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) enough: u64,
    pub(super) most: u32,
}

/// Goes from `placed` to ever lighter plans until one is light enough, and from there to plans with ever fewer waits that are; gives what the last one
/// weighs. A plan that cannot be weighed is given back as it is.
pub(super) fn lighter(
    dag: &Dag,
    pass: Pass<'_>,
    placed: Placed,
    wanted: Wanted,
    scales: &mut impl Scales,
    patience: Patience,
) -> (Placed, u64) {
    let streams = pass.streams();
    let Some(weight) = scales.weigh(&plan_of(&placed, streams), u64::MAX) else { return (placed, 0) };
    let few = placed.cost.total();
    let changes = Changes::new(dag, streams, placed.of.clone());
    let mut walk =
        Walk { pass, changes, random: Random::new(0x11947), found: placed, weight, enough: wanted.enough };
    let tries = patience.visits / dag.len().max(1) as u64;
    for part in GIVEN_BACK {
        let most = few + wanted.most.saturating_sub(few) * part / PARTS;
        for turn in 0..tries / GIVEN_BACK.len() as u64 {
            if turn % 16 == 0 && patience.ends.is_some_and(|ends| Instant::now() >= ends) {
                break;
            }
            walk.step(most, scales);
        }
    }
    (walk.found, walk.weight.bytes)
}

struct Walk<'a> {
    pass: Pass<'a>,
    changes: Changes<'a>,
    random: Random,
    found: Placed,
    weight: Weight,
    enough: u64,
}

impl Walk<'_> {
    /// Changes something near a task that weighs or waits, and takes it back unless the plan is no heavier, with `most` sync tasks or fewer; or, where it
    /// is light enough, has no more syncs.
    fn step(&mut self, most: u32, scales: &mut impl Scales) {
        let is_light = self.weight.bytes <= self.enough;
        let syncs = &self.found.syncs;
        let waiting = syncs.get(self.random.below(syncs.len())).map(|sync| sync.after);
        let weighing = self.weight.tasks.get(self.random.below(self.weight.tasks.len())).copied();
        let Some(task) = (if is_light { waiting } else { weighing }) else { return };
        let range = self.changes.near(task, &mut self.random);
        let (most, at_most) =
            if is_light { (self.found.cost.total(), self.enough) } else { (most, self.weight.bytes) };
        if self.changes.change(&range, waiting, &mut self.random)
            && let Some(placed) = self.placed().filter(|placed| placed.cost.total() <= most)
            && let Some(weight) = scales.weigh(&plan_of(&placed, self.pass.streams()), at_most)
        {
            (self.found, self.weight) = (placed, weight);
            self.changes.keep();
        } else {
            self.changes.undo();
        }
    }

    /// The waits of what has been changed; `None` where it ends too late.
    fn placed(&mut self) -> Option<Placed> {
        let of = &self.changes.of;
        self.pass.place(of).then(|| Placed {
            of: of.clone(),
            cost: self.pass.cost(),
            syncs: self.pass.syncs().to_vec(),
        })
    }
}

/// The plan of `placed`, its streams as they are numbered there.
pub(super) fn plan_of(placed: &Placed, streams: u32) -> Plan {
    let mut syncs = placed.syncs.clone();
    syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
    Plan { stream_of: placed.of.stream_of.clone(), order: placed.of.order.clone(), streams, syncs }
}
