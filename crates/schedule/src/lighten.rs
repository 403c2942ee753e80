//! Less memory and fewer syncs at the same makespan, on no more streams.
//!
//! Of schedules that are equally good some keep more buffers in use at once than others. Several are made in different manners, and from the best
//! of them tasks that have to do with the heaviest set of buffers change their place in the order and their stream; what weighs no more is
//! kept. What a schedule weighs is the caller's to say: this crate knows no buffers.
//!
//! **Invariant:** what comes out is no worse than what went in, in streams, weight and makespan, as far as a makespan is known; a plan with more
//! syncs is lighter.

mod as_short;
#[cfg(test)]
pub(crate) mod results;
mod start;
mod walk;

use std::time::{Duration, Instant};

use crate::{Dag, Device, Plan, fewest_syncs, reduction, simulate};
use start::best_start;
use walk::Walk;

/// Says what plans weigh.
pub trait Scales {
    /// What `plan` weighs, or nothing where that is more than `at_most` or takes too long to find out.
    fn weigh(&mut self, plan: &Plan, at_most: u64) -> Option<Weight>;

    /// A weight that `plan` does not fall below, found quickly; it may be without syncs.
    fn at_least(&mut self, plan: &Plan) -> u64;

    /// What a member of weights weighs by itself, and the tasks between whose first and last it does.
    fn member(&self, member: u32) -> (u64, &[u32]);
}

/// Scales on which nothing weighs anything.
impl Scales for () {
    fn weigh(&mut self, _: &Plan, _: u64) -> Option<Weight> {
        Some(Weight { bytes: 0, tasks: Vec::new(), members: Vec::new() })
    }

    fn at_least(&mut self, _: &Plan) -> u64 {
        0
    }

    fn member(&self, _: u32) -> (u64, &[u32]) {
        (0, &[])
    }
}

/// What a plan weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// In bytes, or whatever is to be little.
    pub bytes: u64,
    /// The tasks that this comes from.
    pub tasks: Vec<u32>,
    /// What weighs it together, where that is known.
    pub members: Vec<u32>,
}

/// How long to look for lighter plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How many times a task may be looked at, some 100 ns each, and more with many streams.
    pub visits: u64,
    /// How long a plan may take, in nanoseconds.
    pub latest: u64,
    /// How long one may take that costs half of what every other does, in nanoseconds: bytes count twice what syncs do.
    pub longest: u64,
    /// A plan that weighs no more needs no lighter one.
    pub enough: u64,
    /// Ends the search early; what it gives then depends on the machine.
    pub time_limit: Option<Duration>,
}

/// What a change costs beside looking at every task, in visits.
const PER_CHANGE: u64 = 20;
/// So many streams make a look at a task cost as much again: what each knows of all others is found anew.
const STREAMS_OF_VISIT: u64 = 16;
/// More changes for each task tell nothing new.
const MOST_OF_TASK: u64 = 100;
/// Fewer changes than one for so many tasks find nothing.
const MOST_FOR_CHANGE: u64 = 8;
/// Longer by one part in so many is as short: costs are not known so well.
const AS_SHORT: u64 = 250_000;
/// A plan is worth giving back if it is lighter than the one before by one part in so many.
const NOTICED: u64 = 100;

/// How long a plan may take to count as one that takes `makespan`, if none takes less than `bound`; all in nanoseconds. What cannot be shorter
/// does not become longer.
pub fn about_as_short(makespan: u64, bound: u64) -> u64 {
    if makespan <= bound { makespan } else { makespan.saturating_add(makespan / AS_SHORT) }
}

/// `plan` with its fewest syncs, and after it ever better plans, the lightest last; one that contradicts `dag` as it is.
pub fn lighten(
    dag: &Dag,
    device: &Device,
    plan: &Plan,
    patience: Patience,
    scales: &mut impl Scales,
) -> Vec<Plan> {
    let ends = patience.time_limit.map(|limit| Instant::now() + limit);
    let Some(replayed) = simulate(dag, device, plan) else { return vec![plan.clone()] };
    let plan = Plan { syncs: fewest_syncs(dag, plan), ..plan.clone() };
    let tasks = dag.len() as u64;
    let looks = tasks + tasks * u64::from(plan.streams) / STREAMS_OF_VISIT;
    let tries = (patience.visits / (looks + PER_CHANGE)).min(MOST_OF_TASK * tasks);
    let mut plans = vec![plan];
    if plans[0].streams < 2 || tries == 0 || replayed.makespan > patience.latest {
        return plans;
    }
    let reduced = reduction(dag);
    let limits = [patience.latest, patience.longest];
    let Some(start) = best_start(&reduced, device, &plans[0], limits, ends, scales) else { return plans };
    let mut given = start.weight.bytes;
    if start.plan != plans[0] {
        plans.push(start.plan.clone());
    }
    if tries < tasks / MOST_FOR_CHANGE {
        return plans;
    }
    let Some(mut walk) = Walk::new(&reduced, device, start) else { return plans };
    for turn in 0..tries {
        let is_over = turn % 16 == 0 && ends.is_some_and(|ends| Instant::now() >= ends);
        if is_over || walk.bytes() <= patience.enough {
            break;
        }
        walk.step(scales);
        if walk.bytes() < given - given / NOTICED {
            given = walk.bytes();
            plans.push(walk.plan());
        }
    }
    if walk.bytes() < given {
        // Between it and the one before is less than is noticed.
        plans.truncate((plans.len() - 1).max(1));
        plans.push(walk.plan());
    }
    plans
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::results::{Results, results_at_once};
    use super::*;
    use crate::{Engine, Rule, Streams, SyncTasks, place, tails};

    const DEVICE: Device = Device { slots: None, sync_latency: 1_500 };
    const PATIENCE: Patience =
        Patience { visits: 20_000, latest: 0, longest: 0, enough: 0, time_limit: None };

    /// Weighs nothing.
    struct Broken;

    impl Scales for Broken {
        fn weigh(&mut self, _: &Plan, _: u64) -> Option<Weight> {
            None
        }

        fn at_least(&mut self, _: &Plan) -> u64 {
            0
        }

        fn member(&self, _: u32) -> (u64, &[u32]) {
            (0, &[])
        }
    }

    #[test]
    fn a_result_is_used_before_the_next_is_made() {
        // Two producers and two consumers on one stream, beside a long task on another.
        let costs = vec![10, 10, 10, 10, 100];
        let dag = Dag::new(costs, vec![Engine::Slot; 5], [(0, 2), (1, 3)].into_iter());
        let plan =
            Plan { stream_of: vec![0, 0, 0, 0, 1], streams: 2, order: vec![4, 0, 1, 2, 3], syncs: vec![] };
        let patience = Patience { latest: 100, longest: 100, ..PATIENCE };
        let plans = lighten(&dag, &DEVICE, &plan, patience, &mut Results(&dag));
        assert_eq!(plans[0], plan);
        assert_eq!(results_at_once(&dag, &plan).bytes, 3);
        assert_eq!(plans.last().map(|plan| results_at_once(&dag, plan).bytes), Some(2));
    }

    #[test]
    fn what_cannot_be_weighed_or_contradicts_itself_comes_back() {
        let dag = Dag::new(vec![1; 2], vec![Engine::Slot; 2], [(0, 1)].into_iter());
        let wrong = Plan { stream_of: vec![0, 1], streams: 2, order: vec![1, 0], syncs: Vec::new() };
        assert_eq!(lighten(&dag, &DEVICE, &wrong, PATIENCE, &mut Broken).len(), 1);
        let right = Plan { order: vec![0, 1], ..wrong };
        assert_eq!(lighten(&dag, &DEVICE, &right, PATIENCE, &mut Broken).len(), 1);
        assert_eq!(lighten(&Dag::default(), &DEVICE, &Plan::default(), PATIENCE, &mut Broken).len(), 1);
    }

    /// Many pairs of a producer and a consumer, of which the known plan makes all producers first.
    #[test]
    fn what_was_begun_is_finished_before_more_is_begun() {
        let pairs = 201u32;
        let costs = (0..2 * pairs).map(|task| 4_000 + u64::from(task * 37 % 101)).collect();
        let dag = Dag::new(
            costs,
            vec![Engine::Slot; 2 * pairs as usize],
            (0..pairs).map(|pair| (pair, pair + pairs)),
        );
        let plan = Plan {
            stream_of: (0..2 * pairs).map(|task| task % 4).collect(),
            streams: 4,
            order: (0..2 * pairs).collect(),
            syncs: Vec::new(),
        };
        let makespan = |plan| simulate(&dag, &DEVICE, plan).unwrap().makespan;
        let patience =
            Patience { visits: 1_000, latest: makespan(&plan), longest: makespan(&plan), ..PATIENCE };
        let plans = lighten(&dag, &DEVICE, &plan, patience, &mut Results(&dag));
        let last = plans.last().unwrap();
        assert!(results_at_once(&dag, last).bytes < 120);
        assert!(results_at_once(&dag, &plan).bytes >= 200);
        assert!(makespan(last) <= patience.latest);
        // Nothing is as short as what is shorter than the plan.
        let patience = Patience { latest: patience.latest - 1, ..patience };
        assert_eq!(lighten(&dag, &DEVICE, &plan, patience, &mut Results(&dag)).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn lighter_plans_are_as_good_otherwise(
            costs in prop::collection::vec(0u64..9_000, 1..60),
            edges in prop::collection::vec((0usize..60, 1usize..20), 0..120),
            copies in prop::collection::vec(0usize..60, 0..8),
            streams in 1u32..5,
            slots in prop::option::of(1u32..5),
            longer in 0u64..2_000,
        ) {
            let mut engines = vec![Engine::Slot; costs.len()];
            copies.iter().filter(|&&task| task < costs.len()).for_each(|&task| engines[task] = Engine::HostToDevice);
            let edges = edges.iter().map(|&(from, far)| (from as u32, (from + far) as u32));
            let dag = Dag::new(costs, engines, edges);
            let streams = Streams { count: streams, latency: 1_500 };
            let plan = place(&dag, streams, Rule::ByTask, &tails(&dag, 0)).plan(&dag);
            let device = Device { slots, ..DEVICE };
            let latest = simulate(&dag, &device, &plan).unwrap().makespan + longer;
            let longest = latest + latest / 8;
            let patience = Patience { latest, longest, ..PATIENCE };
            let plans = lighten(&dag, &device, &plan, patience, &mut Results(&dag));
            prop_assert_eq!(&plans[0].order, &plan.order);
            let (first, first_bytes) = (SyncTasks::of(&plans[0]).total(), results_at_once(&dag, &plans[0]).bytes);
            for pair in plans.windows(2) {
                let [before, better] = pair else { unreachable!() };
                let syncs = [before, better].map(|plan| SyncTasks::of(plan).total());
                let bytes = [before, better].map(|plan| results_at_once(&dag, plan).bytes);
                prop_assert!(bytes[1] < bytes[0] || bytes[1] == bytes[0] && syncs[1] < syncs[0]);
                let cost = |bytes: u64, syncs: u32| bytes * bytes * (u64::from(syncs) + 1);
                let limit = if 2 * cost(bytes[1], syncs[1]) <= cost(first_bytes, first) { longest } else { latest };
                prop_assert!(simulate(&dag, &device, better).unwrap().makespan <= limit);
                prop_assert!(syncs[1] <= 2 * first);
                prop_assert!(better.streams <= plan.streams);
                prop_assert_eq!(&better.syncs, &fewest_syncs(&dag, better));
            }
            // Where nothing weighs anything, syncs are all that counts.
            for pair in lighten(&dag, &device, &plan, patience, &mut ()).windows(2) {
                let [before, better] = [0, 1].map(|at: usize| SyncTasks::of(&pair[at]).total());
                prop_assert!(better < before);
                let limit = if 2 * (better + 1) <= first + 1 { longest } else { latest };
                prop_assert!(simulate(&dag, &device, &pair[1]).unwrap().makespan <= limit);
            }
        }
    }
}
