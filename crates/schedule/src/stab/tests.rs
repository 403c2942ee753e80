use proptest::prelude::*;

use super::*;
use crate::{Engine, Rule, Streams, place as schedule, tails};

const DEVICE: Device = Device { slots: None, sync_latency: 1_500 };

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
    let better = improve_syncs(&dag, &DEVICE, &plan, Give { makespan: 1_500, visits: 0, time_limit: None });
    assert_eq!(better.syncs.len(), 1);
    assert!(keeps_dependences(&dag, &better));
}

#[test]
fn contradictory_and_empty_plans_come_back() {
    let dag = Dag::new(vec![1; 2], vec![Engine::Slot; 2], [(0, 1)].into_iter());
    let wrong = Plan { stream_of: vec![0, 0], streams: 1, order: vec![1, 0], syncs: Vec::new() };
    let give = Give { makespan: 0, visits: 1000, time_limit: None };
    assert_eq!(improve_syncs(&dag, &DEVICE, &wrong, give), wrong);
    assert_eq!(improve_syncs(&Dag::default(), &DEVICE, &Plan::default(), give), Plan::default());
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
        let better = improve_syncs(&dag, &device, &plan, Give { makespan: added, visits: 40_000, time_limit: None });
        prop_assert!(keeps_dependences(&dag, &better));
        prop_assert!(SyncTasks::of(&better).total() <= SyncTasks::of(&fewest).total());
        prop_assert!(simulate(&dag, &device, &better).unwrap().makespan <= before + added);
        prop_assert!(better.streams <= plan.streams);
        let mut seen: Vec<u32> = better.order.clone();
        seen.sort_unstable();
        prop_assert!(seen.into_iter().eq(0..tasks as u32));
    }
}
