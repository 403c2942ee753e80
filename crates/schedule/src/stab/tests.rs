use proptest::prelude::*;

use super::*;
use crate::lighten::Weight;
use crate::{Engine, Rule, Streams, place as schedule, tails};

const DEVICE: Device = Device { slots: None, sync_latency: 1_500 };
const GIVE: Give = Give { makespan: 0, visits: 0, time_limit: None };

#[test]
fn one_wait_serves_a_ladder() {
    // Two chains of six, with a rung from each task of the first to the last of the second but for its length.
    let edges: Vec<(u32, u32)> =
        (0..5).flat_map(|at| [(at, at + 1), (at + 6, at + 7)]).chain((0..3).map(|at| (at, at + 9))).collect();
    let costs = vec![10_000; 12];
    let dag = Dag::new(costs, vec![Engine::Slot; 12], edges.into_iter());
    let plan = Plan {
        stream_of: (0..12).map(|task| task / 6).collect(),
        streams: 2,
        order: (0..12).collect(),
        syncs: vec![],
    };
    assert_eq!(fewest_syncs(&dag, &plan).len(), 3);
    let better = improve_syncs(&dag, &DEVICE, &plan, Give { makespan: 1_500, visits: 0, ..GIVE }, &mut ());
    assert_eq!(better.syncs.len(), 1);
    assert!(keeps_dependences(&dag, &better));
}

/// Weighs pairs of tasks that a plan leaves without order.
struct Apart(Vec<[u32; 2]>, Vec<u32>);

impl Apart {
    fn new(pairs: impl IntoIterator<Item = [u32; 2]>, tasks: u32) -> Self {
        Self(pairs.into_iter().filter(|pair| pair[0] != pair[1]).collect(), (0..tasks).collect())
    }
}

fn is_ordered(plan: &Plan, [before, after]: [u32; 2]) -> bool {
    if plan.stream_of[before as usize] == plan.stream_of[after as usize] {
        return true;
    }
    let mut syncs = plan.syncs.clone();
    syncs.push(Sync { before, after });
    syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
    let places: Vec<_> = [before, after].map(|task| plan.order.iter().position(|&at| at == task)).into();
    places[0] < places[1] && irredundant_syncs(plan, &syncs) == irredundant_syncs(plan, &plan.syncs)
}

impl Scales for Apart {
    fn weigh(&mut self, plan: &Plan, at_most: u64) -> Option<Weight> {
        let is_open = |pair: &&[u32; 2]| !is_ordered(plan, **pair) && !is_ordered(plan, [pair[1], pair[0]]);
        let open: Vec<&[u32; 2]> = self.0.iter().filter(is_open).collect();
        let mut members: Vec<u32> = open.iter().copied().flatten().copied().collect();
        members.sort_unstable();
        members.dedup();
        Some(Weight { bytes: open.len() as u64, tasks: members.clone(), members })
            .filter(|weight| weight.bytes <= at_most)
    }

    fn at_least(&mut self, _: &Plan) -> u64 {
        0
    }

    fn member(&self, member: u32) -> (u64, &[u32]) {
        (1, &self.1[member as usize..][..1])
    }
}

/// What becomes of two chains of six tasks on two streams where `pair` is not to be at once, and whether anything does, if to be light it may take
/// until `longest`.
fn held(pair: [u32; 2], longest: u64) -> (Placed, bool) {
    let edges = (0..5).flat_map(|at| [(at, at + 1), (at + 6, at + 7)]);
    let dag = Dag::new(vec![10_000; 12], vec![Engine::Slot; 12], edges);
    let start = Assignment {
        stream_of: (0..12).map(|task| task / 6).collect(),
        order: (0..12).collect(),
        manner: vec![Manner::default(); 12],
    };
    let streams = Streams { count: 2, latency: 1_500 };
    let job = Job {
        dag: &dag,
        device: &DEVICE,
        streams,
        limit: 60_000,
        longest,
        start,
        give: GIVE,
        started: Instant::now(),
    };
    let placed = job.place().unwrap();
    assert!(placed.syncs.is_empty());
    let mut scales = Apart::new([pair], 12);
    let mut hold = Hold::of(&job, 0, &mut scales);
    let (first, is_changed) = hold.hold(placed).unwrap();
    let again = hold.hold(first.clone()).unwrap();
    assert_eq!((again.0.syncs, again.1), (first.syncs.clone(), false));
    (first, is_changed)
}

#[test]
fn what_is_too_heavy_at_once_is_kept_in_order() {
    let (held, is_changed) = held([0, 11], 60_000);
    assert!(is_changed && held.syncs.len() == 1);
    assert!(is_ordered(&plan_of(&held, 2), [0, 11]));
}

#[test]
fn what_has_to_be_at_once_is() {
    let (held, is_changed) = held([0, 6], 60_000);
    assert!(!is_changed && held.syncs.is_empty());
}

#[test]
fn what_had_to_be_at_once_is_not_where_that_is_as_short() {
    let (held, is_changed) = held([0, 6], 72_000);
    assert!(is_changed && is_ordered(&plan_of(&held, 2), [0, 6]) | is_ordered(&plan_of(&held, 2), [6, 0]));
}

#[test]
fn contradictory_and_empty_plans_come_back() {
    let dag = Dag::new(vec![1; 2], vec![Engine::Slot; 2], [(0, 1)].into_iter());
    let wrong = Plan { stream_of: vec![0, 0], streams: 1, order: vec![1, 0], syncs: Vec::new() };
    let give = Give { visits: 1000, ..GIVE };
    assert_eq!(improve_syncs(&dag, &DEVICE, &wrong, give, &mut ()), wrong);
    assert_eq!(improve_syncs(&Dag::default(), &DEVICE, &Plan::default(), give, &mut ()), Plan::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_is_lost_and_nothing_takes_longer(
        costs in prop::collection::vec(0u64..9_000, 1..260),
        edges in prop::collection::vec((0usize..260, 1usize..30), 0..500),
        copies in prop::collection::vec(0usize..260, 0..20),
        pairs in prop::collection::vec([0u32..260, 0u32..260], 0..20),
        streams in 1u32..6,
        slots in prop::option::of(1u32..5),
        added in prop::sample::select(vec![0u64, 4_000]),
    ) {
        let tasks = costs.len();
        let mut engines = vec![Engine::Slot; tasks];
        for (at, &task) in copies.iter().filter(|&&task| task < tasks).enumerate() {
            engines[task] = if at % 2 == 0 { Engine::HostToDevice } else { Engine::DeviceToHost };
        }
        let edges = edges.iter().map(|&(from, far)| (from as u32, (from + far) as u32));
        let dag = Dag::new(costs, engines, edges);
        let plan = schedule(&dag, Streams { count: streams, latency: 1_500 }, Rule::ByTask, &tails(&dag, 0)).plan(&dag);
        let device = Device { slots, ..DEVICE };
        let before = simulate(&dag, &device, &plan).unwrap().makespan;
        let fewest = Plan { syncs: fewest_syncs(&dag, &plan), ..plan.clone() };
        let mut scales = Apart::new(pairs.into_iter().filter(|pair| pair.iter().all(|&task| (task as usize) < tasks)), tasks as u32);
        let give = Give { makespan: added, visits: 40_000, ..GIVE };
        let better = improve_syncs(&dag, &device, &plan, give, &mut scales);
        prop_assert!(keeps_dependences(&dag, &better));
        prop_assert!(SyncTasks::of(&better).total() <= SyncTasks::of(&fewest).total());
        prop_assert!(simulate(&dag, &device, &better).unwrap().makespan <= about_as_short(before, 0).max(before + added));
        prop_assert!(better.streams <= plan.streams);
        let mut seen: Vec<u32> = better.order.clone();
        seen.sort_unstable();
        prop_assert!(seen.into_iter().eq(0..tasks as u32));
    }
}
