//! Where to go from: the best of several plans that are made in different manners.

use std::time::Instant;

use super::as_short::as_short;
use super::{Scales, Weight};
use crate::{Dag, Device, Plan, Streams, SyncTasks, fewest_syncs, simulate};

/// A plan may have so many times the syncs of the one that is known, where it weighs that much less.
const TIMES_SYNCS: u32 = 2;

/// A plan with its syncs and its weight.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) plan: Plan,
    /// How long it and what is made from it may take.
    pub(super) latest: u64,
    pub(super) sync_tasks: u32,
    pub(super) weight: Weight,
}

/// The best of `plan` and of others that take until `latest` at most and weigh no more, or until `longest` and cost half.
pub(super) fn best_start(
    dag: &Dag,
    device: &Device,
    plan: &Plan,
    [latest, longest]: [u64; 2],
    ends: Option<Instant>,
    scales: &mut impl Scales,
) -> Option<Start> {
    let sync_tasks = SyncTasks::of(plan).total();
    let most_syncs = sync_tasks.saturating_mul(TIMES_SYNCS);
    let weight = scales.weigh(plan, u64::MAX)?;
    let most_bytes = weight.bytes;
    let mut best = Start { plan: plan.clone(), latest, sync_tasks, weight };
    let streams = Streams { count: plan.streams, latency: device.sync_latency };
    // Without knowing more, what is in use at once in the order of issue tells plans apart.
    let merit_about = |plan: &Plan| {
        let plan = Plan { syncs: fewest_syncs(dag, plan), ..plan.clone() };
        merit(scales.at_least(&plan), SyncTasks::of(&plan).total())
    };
    let [short, longer] = as_short(dag, streams, [latest, longest], ends, merit_about);
    for (plans, latest, part) in [(short, latest, 1), (longer, longest, 2)] {
        // All of them are compared to what is short.
        let short = best.clone();
        for mut plan in plans {
            plan.syncs = fewest_syncs(dag, &plan);
            let sync_tasks = SyncTasks::of(&plan).total();
            let at_most =
                best.better_with(sync_tasks, 1).min(short.better_with(sync_tasks, part)).min(most_bytes);
            if sync_tasks <= most_syncs
                && scales.at_least(&plan) <= at_most
                && simulate(dag, device, &plan).is_some_and(|replayed| replayed.makespan <= latest)
                && let Some(weight) = scales.weigh(&plan, at_most)
                && merit(weight.bytes, sync_tasks) < best.merit().min(short.merit() / part)
            {
                best = Start { plan, latest, sync_tasks, weight };
            }
        }
    }
    Some(best)
}

/// What a plan costs: memory counts twice what syncs do, and where there is none syncs alone.
fn merit(bytes: u64, sync_tasks: u32) -> u128 {
    let bytes = u128::from(bytes.max(1));
    bytes.saturating_mul(bytes).saturating_mul(u128::from(sync_tasks) + 1)
}

impl Start {
    fn merit(&self) -> u128 {
        merit(self.weight.bytes, self.sync_tasks)
    }

    /// The most bytes with which a plan of so many sync tasks may cost less than one part of this.
    fn better_with(&self, sync_tasks: u32, part: u128) -> u64 {
        let bytes = u128::from(self.weight.bytes);
        let [syncs, others] = [self.sync_tasks, sync_tasks].map(|syncs| u128::from(syncs) + 1);
        let squared = (bytes.saturating_mul(bytes) / others).saturating_mul(syncs) / part;
        u64::try_from(squared.isqrt()).unwrap_or(u64::MAX)
    }
}
