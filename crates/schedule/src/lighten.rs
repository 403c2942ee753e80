//! Less memory at the same makespan, on no more streams and with no more syncs.
//!
//! Of schedules that are equally good some keep more buffers in use at once. Tasks that have to do with the heaviest set of
//! buffers change their place in the order and their stream, and what weighs no more is kept. What a schedule weighs is the
//! caller's to say: this crate knows no buffers.
//!
//! **Invariant:** what comes out is no worse than what went in, in makespan, streams, sync tasks and weight.

use std::time::{Duration, Instant};

use crate::stab::{Changes, Random, by_start, renumber};
use crate::{Dag, Device, Plan, SyncTasks, fewest_syncs, reduction, simulate};

/// What a plan weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// In bytes, or whatever is to be little.
    pub bytes: u64,
    /// The tasks that this comes from.
    pub tasks: Vec<u32>,
}

/// How long to look for lighter plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How many times a task may be looked at, some 100 ns each.
    pub visits: u64,
    /// A plan that weighs no more needs no lighter one.
    pub enough: u64,
    /// Ends the search early; what it gives then depends on the machine.
    pub time_limit: Option<Duration>,
}

/// Changes are mostly made so near to a task that weighs, in places of the order.
const NEAR: usize = 24;
/// One change in so many is made anywhere.
const ANYWHERE: usize = 4;
/// What a change costs beside looking at every task, in visits.
const PER_CHANGE: u64 = 20;
/// More changes for each task tell nothing new.
const MOST_OF_TASK: u64 = 100;
/// A plan is worth giving back if it is lighter than the one before by one part in so many.
const NOTICED: u64 = 100;

/// `plan` with its fewest syncs, and after it ever lighter plans that are as good otherwise; one that contradicts `dag` as it is.
///
/// `weigh` says what a plan weighs, or nothing where that is more than the number it is given or takes too long to find out.
pub fn lighten(
    dag: &Dag,
    device: &Device,
    plan: &Plan,
    patience: Patience,
    mut weigh: impl FnMut(&Plan, u64) -> Option<Weight>,
) -> Vec<Plan> {
    let ends = patience.time_limit.map(|limit| Instant::now() + limit);
    if simulate(dag, device, plan).is_none() {
        return vec![plan.clone()];
    }
    let plan = Plan { syncs: fewest_syncs(dag, plan), ..plan.clone() };
    let tasks = dag.len() as u64;
    let tries = (patience.visits / (tasks + PER_CHANGE)).min(MOST_OF_TASK * tasks);
    let mut plans = vec![plan];
    if plans[0].streams < 2 || tries == 0 {
        return plans;
    }
    let reduced = reduction(dag);
    let Some(mut walk) = Walk::new(&reduced, device, &plans[0], &mut weigh) else { return plans };
    let mut given = walk.weight.bytes;
    for turn in 0..tries {
        let is_over = turn % 16 == 0 && ends.is_some_and(|ends| Instant::now() >= ends);
        if is_over || walk.weight.bytes <= patience.enough {
            break;
        }
        walk.step(&mut weigh);
        if walk.weight.bytes < given - given / NOTICED {
            given = walk.weight.bytes;
            plans.push(walk.plan());
        }
    }
    if walk.weight.bytes < given {
        plans.push(walk.plan());
    }
    plans
}

/// A plan under change.
struct Walk<'a> {
    dag: &'a Dag,
    device: &'a Device,
    makespan: u64,
    sync_tasks: u32,
    changes: Changes<'a>,
    random: Random,
    /// What is being tried, or was tried last.
    trial: Plan,
    weight: Weight,
}

impl<'a> Walk<'a> {
    fn new(
        dag: &'a Dag,
        device: &'a Device,
        plan: &Plan,
        weigh: &mut impl FnMut(&Plan, u64) -> Option<Weight>,
    ) -> Option<Self> {
        let timetable = simulate(dag, device, plan)?;
        Some(Self {
            dag,
            device,
            makespan: timetable.makespan,
            sync_tasks: SyncTasks::of(plan).total(),
            changes: Changes::new(dag, plan.streams, by_start(dag, plan, &timetable)),
            random: Random::new(0x11947),
            trial: plan.clone(),
            weight: weigh(plan, u64::MAX)?,
        })
    }

    /// Changes something near a task that weighs, and takes it back unless the plan is as good and no heavier.
    fn step(&mut self, weigh: &mut impl FnMut(&Plan, u64) -> Option<Weight>) {
        let Some(&task) = self.weight.tasks.get(self.random.below(self.weight.tasks.len())) else { return };
        let at = self.changes.place(task);
        let range = match self.random.below(ANYWHERE) {
            0 => 0..self.dag.len(),
            _ => at.saturating_sub(NEAR)..(at + NEAR).min(self.dag.len()),
        };
        if self.changes.change(&range, None, &mut self.random)
            && self.is_as_good()
            && let Some(weight) = weigh(&self.trial, self.weight.bytes)
            && weight.bytes <= self.weight.bytes
        {
            self.weight = weight;
            self.changes.keep();
        } else {
            self.changes.undo();
        }
    }

    /// Whether the changed plan ends as early, with as few syncs.
    fn is_as_good(&mut self) -> bool {
        self.trial.stream_of.clone_from(&self.changes.of.stream_of);
        self.trial.order.clone_from(&self.changes.of.order);
        self.trial.syncs.clear();
        let replayed = simulate(self.dag, self.device, &self.trial);
        if replayed.is_none_or(|replayed| replayed.makespan > self.makespan) {
            return false;
        }
        self.trial.syncs = fewest_syncs(self.dag, &self.trial);
        SyncTasks::of(&self.trial).total() <= self.sync_tasks
    }

    fn plan(&self) -> Plan {
        let Changes { of, .. } = &self.changes;
        let mut plan =
            Plan { stream_of: of.stream_of.clone(), order: of.order.clone(), ..self.trial.clone() };
        plan.syncs = fewest_syncs(self.dag, &plan);
        renumber(&mut plan);
        plan
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Engine, Rule, Streams, place, tails};

    const DEVICE: Device = Device { slots: None, sync_latency: 1_500 };
    const PATIENCE: Patience = Patience { visits: 20_000, enough: 0, time_limit: None };

    /// The most results at once, one for each task from when it is issued until the last that needs it is.
    fn results_at_once(dag: &Dag, plan: &Plan) -> Weight {
        let mut uses: Vec<usize> = (0..dag.len() as u32).map(|task| dag.successors(task).len()).collect();
        let (mut live, mut heaviest) = (Vec::new(), Vec::new());
        for &task in &plan.order {
            live.push(task);
            if live.len() > heaviest.len() {
                heaviest.clone_from(&live);
            }
            dag.predecessors(task).iter().for_each(|&before| uses[before as usize] -= 1);
            live.retain(|&task| uses[task as usize] > 0);
        }
        Weight { bytes: heaviest.len() as u64, tasks: heaviest }
    }

    #[test]
    fn a_result_is_used_before_the_next_is_made() {
        // Two producers and two consumers on one stream, beside a long task on another.
        let costs = vec![10, 10, 10, 10, 100];
        let dag = Dag::new(costs, vec![Engine::Slot; 5], [(0, 2), (1, 3)].into_iter());
        let plan =
            Plan { stream_of: vec![0, 0, 0, 0, 1], streams: 2, order: vec![4, 0, 1, 2, 3], syncs: vec![] };
        let weigh = |plan: &Plan, at_most: u64| {
            Some(results_at_once(&dag, plan)).filter(|weight| weight.bytes <= at_most)
        };
        let plans = lighten(&dag, &DEVICE, &plan, PATIENCE, weigh);
        assert_eq!(plans[0], plan);
        assert_eq!(results_at_once(&dag, &plan).bytes, 3);
        assert_eq!(plans.last().map(|plan| results_at_once(&dag, plan).bytes), Some(2));
    }

    #[test]
    fn what_cannot_be_weighed_or_contradicts_itself_comes_back() {
        let dag = Dag::new(vec![1; 2], vec![Engine::Slot; 2], [(0, 1)].into_iter());
        let wrong = Plan { stream_of: vec![0, 1], streams: 2, order: vec![1, 0], syncs: Vec::new() };
        assert_eq!(lighten(&dag, &DEVICE, &wrong, PATIENCE, |_, _| None).len(), 1);
        let right = Plan { order: vec![0, 1], ..wrong };
        assert_eq!(lighten(&dag, &DEVICE, &right, PATIENCE, |_, _| None).len(), 1);
        assert_eq!(lighten(&Dag::default(), &DEVICE, &Plan::default(), PATIENCE, |_, _| None).len(), 1);
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
        ) {
            let mut engines = vec![Engine::Slot; costs.len()];
            copies.iter().filter(|&&task| task < costs.len()).for_each(|&task| engines[task] = Engine::HostToDevice);
            let edges = edges.iter().map(|&(from, far)| (from as u32, (from + far) as u32));
            let dag = Dag::new(costs, engines, edges);
            let streams = Streams { count: streams, latency: 1_500 };
            let plan = place(&dag, streams, Rule::ByTask, &tails(&dag, 0)).plan(&dag);
            let device = Device { slots, ..DEVICE };
            let weigh = |plan: &Plan, _: u64| Some(results_at_once(&dag, plan));
            let plans = lighten(&dag, &device, &plan, PATIENCE, weigh);
            prop_assert_eq!(&plans[0].order, &plan.order);
            let first = (simulate(&dag, &device, &plans[0]).unwrap().makespan, SyncTasks::of(&plans[0]).total());
            for pair in plans.windows(2) {
                let [heavier, lighter] = pair else { unreachable!() };
                prop_assert!(results_at_once(&dag, lighter).bytes < results_at_once(&dag, heavier).bytes);
                prop_assert!(simulate(&dag, &device, lighter).unwrap().makespan <= first.0);
                prop_assert!(SyncTasks::of(lighter).total() <= first.1);
                prop_assert!(lighter.streams <= plan.streams);
                prop_assert_eq!(&lighter.syncs, &fewest_syncs(&dag, lighter));
            }
        }
    }
}
