use proptest::prelude::*;

use super::*;
use crate::lighten::results::{Results, results_at_once};
use crate::{Engine, Rule, Streams, place as schedule, tails};

const DEVICE: Device = Device { slots: None, sync_latency: 1_500 };
const GIVE: Give = Give { makespan: 0, visits: 0, weighed_visits: 20_000, time_limit: None };

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

/// Producers and consumers of which each needs two results, with time to spare; `order` is that of issue on two streams.
fn light_enough(order: Vec<u32>, enough: u64) -> (Placed, Placed, u64) {
    let pairs = order.len() as u32 / 2;
    let edges = (0..pairs).flat_map(|pair| [(pair, pair + pairs), (pair, (pair + 1) % pairs + pairs)]);
    let dag = Dag::new(vec![4_000; order.len()], vec![Engine::Slot; order.len()], edges);
    let stream_of = (0..2 * pairs).map(|task| task / 2 % 2).collect();
    let plan = Plan { stream_of, streams: 2, order, syncs: vec![] };
    let start = by_start(&dag, &plan, &simulate(&dag, &DEVICE, &plan).unwrap());
    let streams = Streams { count: 2, latency: 1_500 };
    let limit = dag.costs().iter().sum();
    let job = Job { dag: &dag, streams, limit, start, give: GIVE, started: Instant::now() };
    let placed = job.place(0).unwrap();
    let wanted = Wanted { enough, most: placed.cost.total() + 40 };
    let patience = Patience { visits: 400_000, ends: None };
    let (found, bytes) = lighter(&dag, job.pass(), placed.clone(), wanted, &mut Results(&dag), patience);
    assert_eq!(bytes, results_at_once(&dag, &plan_of(&found, 2)).bytes);
    assert!(found.cost.total() <= wanted.most);
    (placed, found, bytes)
}

#[test]
fn what_is_too_heavy_becomes_lighter() {
    // All producers first.
    let (_, _, bytes) = light_enough((0..80).collect(), 30);
    assert!(bytes <= 30, "{bytes}");
}

#[test]
fn what_is_light_enough_comes_to_need_fewer_waits() {
    let order = (0..40).flat_map(|pair| [pair, pair + 40]);
    let order: Vec<u32> = std::iter::once(39).chain(order.filter(|&task| task != 39)).collect();
    let (before, found, bytes) = light_enough(order, 6);
    assert!(bytes <= 6, "{bytes}");
    assert!(found.cost.total() < before.cost.total());
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
        let better = improve_syncs(&dag, &device, &plan, Give { makespan: added, visits: 40_000, ..GIVE }, &mut Results(&dag));
        prop_assert!(keeps_dependences(&dag, &better));
        prop_assert!(SyncTasks::of(&better).total() <= SyncTasks::of(&fewest).total());
        prop_assert!(simulate(&dag, &device, &better).unwrap().makespan <= before + added);
        prop_assert!(better.streams <= plan.streams);
        let mut seen: Vec<u32> = better.order.clone();
        seen.sort_unstable();
        prop_assert!(seen.into_iter().eq(0..tasks as u32));
    }
}
