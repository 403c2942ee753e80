//! What is true of tiny graphs, by trying everything; everything clever is measured against it.

use proptest::prelude::*;

use crate::bounds::{bound, quick_bounds};
use crate::list::Streams;
use crate::refute::{Refuter, grid};
use crate::{
    Dag, Device, Effort, Engine, Options, Placement, Plan, Reversed, Rule, exact, place, schedule, simulate,
    tails,
};

/// Graphs of few tasks whose durations are on both sides of the latency.
fn graphs(tasks: usize, engines: bool) -> impl Strategy<Value = Dag> {
    let engine = if engines {
        prop_oneof![4 => Just(Engine::Slot), 1 => Just(Engine::HostToDevice), 1 => Just(Engine::DeviceToHost)]
            .boxed()
    } else {
        Just(Engine::Slot).boxed()
    };
    (1..=tasks).prop_flat_map(move |tasks| {
        let costs = prop::collection::vec(0u64..7, tasks);
        let engines = prop::collection::vec(engine.clone(), tasks);
        let edges = prop::collection::vec((0..tasks as u32, 0..tasks as u32), 0..=tasks * 2);
        (costs, engines, edges)
            .prop_map(|(costs, engines, edges)| Dag::new(costs, engines, edges.iter().copied()))
    })
}

fn streams() -> impl Strategy<Value = Streams> {
    (1u32..4, 0u64..6).prop_map(|(count, latency)| Streams { count, latency })
}

fn device(streams: Streams) -> Device {
    Device { slots: None, sync_latency: streams.latency }
}

/// The makespan of the best of all plans: every order of issue, every stream for every task.
fn optimum(dag: &Dag, streams: Streams) -> u64 {
    let mut best = u64::MAX;
    let mut plan =
        Plan { stream_of: vec![0; dag.len()], streams: streams.count, order: Vec::new(), syncs: Vec::new() };
    extend(dag, streams, &mut plan, &mut best);
    best
}

fn extend(dag: &Dag, streams: Streams, plan: &mut Plan, best: &mut u64) {
    if plan.order.len() == dag.len() {
        let timetable =
            simulate(dag, &device(streams), plan).expect("an order with every dependence forwards is a plan");
        *best = timetable.makespan.min(*best);
        return;
    }
    let used = plan.order.iter().map(|&task| plan.stream_of[task as usize] + 1).max().unwrap_or(0);
    for task in 0..dag.len() as u32 {
        let ready = dag.predecessors(task).iter().all(|before| plan.order.contains(before));
        if ready && !plan.order.contains(&task) {
            plan.order.push(task);
            for stream in 0..streams.count.min(used + 1) {
                plan.stream_of[task as usize] = stream;
                extend(dag, streams, plan, best);
            }
            plan.order.pop();
        }
    }
}

/// A plan of any kind: some order of issue, some streams.
fn plans(dag: Dag, count: u32) -> impl Strategy<Value = (Dag, Plan)> {
    let tasks = dag.len();
    let urgency = prop::collection::vec(0u32..100, tasks);
    let stream_of = prop::collection::vec(0..count, tasks);
    (urgency, stream_of).prop_map(move |(urgency, stream_of)| {
        let mut order: Vec<u32> = Vec::new();
        while order.len() < tasks {
            let ready = |&task: &u32| {
                !order.contains(&task) && dag.predecessors(task).iter().all(|before| order.contains(before))
            };
            let next = (0..tasks as u32).filter(ready).max_by_key(|&task| urgency[task as usize]);
            order.push(next.expect("a graph without a circle has a ready task"));
        }
        (dag.clone(), Plan { stream_of, streams: count, order, syncs: Vec::new() })
    })
}

/// Replays tick by tick, asking of every task at every tick whether it may start.
fn tick_by_tick(dag: &Dag, device: &Device, plan: &Plan) -> Vec<u64> {
    let tasks = dag.len();
    let mut start: Vec<Option<u64>> = vec![None; tasks];
    let end = |start: &[Option<u64>], task: u32| start[task as usize].map(|time| time + dag.cost(task));
    for now in 0..1_000 {
        // A task that takes no time may let others start at the same tick.
        for task in (0..=tasks).flat_map(|_| 0..tasks as u32) {
            if start[task as usize].is_some() {
                continue;
            }
            let at = plan.order.iter().position(|&other| other == task).expect("every task is issued");
            let before_it = plan.order[..at]
                .iter()
                .filter(|&&other| plan.stream_of[other as usize] == plan.stream_of[task as usize]);
            let free = before_it.copied().all(|other| end(&start, other).is_some_and(|end| end <= now));
            let data = dag.predecessors(task).iter().all(|&before| {
                let away = plan.stream_of[before as usize] != plan.stream_of[task as usize];
                end(&start, before).is_some_and(|end| end + if away { device.sync_latency } else { 0 } <= now)
            });
            let running = |other: u32| {
                dag.engine(other) == dag.engine(task)
                    && start[other as usize].is_some()
                    && end(&start, other) > Some(now)
            };
            let busy = (0..tasks as u32).filter(|&other| running(other)).count() as u32;
            let room = if dag.engine(task) == Engine::Slot { device.slots.unwrap_or(u32::MAX) } else { 1 };
            if free && data && busy < room {
                start[task as usize] = Some(now);
            }
        }
    }
    start.into_iter().map(|start| start.expect("everything starts in time")).collect()
}

fn assert_sound(dag: &Dag, streams: Streams, placed: &Placement) {
    let timetable = simulate(dag, &device(streams), &placed.plan(dag)).expect("a placement is a plan");
    assert!(
        timetable.makespan <= placed.makespan,
        "replayed {} placed {}",
        timetable.makespan,
        placed.makespan
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn replay_is_tick_by_tick((dag, plan) in (graphs(9, true), 1u32..4).prop_flat_map(|(dag, count)| plans(dag, count)), latency in 0u64..5, slots in prop::option::of(1u32..3)) {
        // At a tick, tasks that take no time make the order in which others are asked matter only where engines are scarce.
        prop_assume!(dag.costs().iter().all(|&cost| cost > 0) || slots.is_none());
        prop_assume!(dag.costs().iter().all(|&cost| cost > 0) || (0..dag.len() as u32).all(|task| dag.engine(task) == Engine::Slot));
        let device = Device { slots, sync_latency: latency };
        let timetable = simulate(&dag, &device, &plan).expect("a plan");
        prop_assert_eq!(timetable.start, tick_by_tick(&dag, &device, &plan));
    }

    #[test]
    fn placements_respect_dependences_and_streams(dag in graphs(24, false), streams in streams()) {
        let reversed = Reversed::new(&dag);
        for rule in [Rule::ByTask, Rule::ByTime, Rule::InOrder] {
            assert_sound(&dag, streams, &place(&dag, streams, rule, &tails(&dag, streams.latency)));
            let back = place(&reversed.dag, streams, rule, &tails(&reversed.dag, 0));
            assert_sound(&dag, streams, &reversed.read(&back));
        }
    }

    #[test]
    fn in_order_idles_only_where_a_chain_takes_its_time(dag in graphs(40, false), streams in streams()) {
        prop_assume!((0..dag.len() as u32).all(|task| dag.engine(task) == Engine::Slot));
        let placed = place(&dag, streams, Rule::InOrder, &[]);
        let work: u64 = dag.costs().iter().sum();
        let path = tails(&dag, streams.latency).into_iter().max().unwrap_or(0);
        prop_assert!(placed.makespan <= work / u64::from(streams.count) + path);
    }

    #[test]
    fn no_bound_exceeds_the_optimum(dag in graphs(5, true), streams in streams()) {
        let truth = optimum(&dag, streams);
        for bound in quick_bounds(&dag, streams) {
            prop_assert!(bound.value <= truth, "{bound:?} of {truth}");
        }
        let reversed = Reversed::new(&dag);
        for above in [truth, truth + 7] {
            let bound = bound(&dag, &reversed, streams, above);
            prop_assert!(bound.value <= truth, "{bound:?} of {truth}");
            let grid = grid(&dag, streams.latency);
            let found = Refuter::new(&dag, streams).search(0, above.div_ceil(grid) * grid, 1_000);
            prop_assert!(found <= truth, "search says {found} of {truth}");
        }
    }

    #[test]
    fn considering_everything_finds_the_optimum(dag in graphs(5, false), streams in streams()) {
        let truth = optimum(&dag, streams);
        let grid = grid(&dag, streams.latency);
        let outcome = exact::search(&dag, streams, truth + 3 * grid, grid, 1_000_000).expect("small enough");
        prop_assert!(outcome.exhausted);
        prop_assert_eq!(outcome.better.map(|better| better.makespan), Some(truth));
        if let Some(none) = exact::search(&dag, streams, truth, grid, 1_000_000) {
            prop_assert!(none.exhausted && none.better.is_none());
        }
    }

    #[test]
    fn schedules_are_what_they_say(dag in graphs(5, true), streams in streams(), slots in prop::option::of(1u32..3)) {
        let device = Device { slots, sync_latency: streams.latency };
        for effort in [Effort::Basic, Effort::Normal] {
            let options = Options { max_streams: streams.count, effort, tolerance: 0, time_limit: None };
            let found = schedule(&dag, &device, &options);
            let timetable = simulate(&dag, &device, &found.plan).expect("a plan");
            prop_assert_eq!(timetable.makespan, found.makespan);
            prop_assert!(found.plan.streams <= streams.count);
            if slots.is_none() {
                let truth = optimum(&dag, streams);
                prop_assert!(found.bound.value <= truth && truth <= found.makespan, "{} .. {} around {truth}", found.bound.value, found.makespan);
            }
        }
    }

    #[test]
    fn schedules_are_bounded_by_what_larger_searches_find(dag in graphs(12, false), streams in streams()) {
        let options = |effort| Options { max_streams: streams.count, effort, tolerance: 0, time_limit: None };
        let quick = schedule(&dag, &device(streams), &options(Effort::Normal));
        let grid = grid(&dag, streams.latency);
        let all = exact::search(&dag, streams, quick.makespan + grid, grid, 3_000_000).expect("small enough");
        prop_assume!(all.exhausted);
        let truth = all.better.map_or(quick.makespan, |better| better.makespan);
        prop_assert!(quick.bound.value <= truth);
        prop_assert!(!quick.is_optimal() || truth == quick.makespan);
    }
}

#[test]
fn nothing_takes_no_time() {
    let dag = Dag::new(Vec::new(), Vec::new(), std::iter::empty());
    for effort in [Effort::Basic, Effort::Normal] {
        let found = schedule(&dag, &Device::default(), &Options { effort, ..Options::default() });
        assert_eq!((found.makespan, found.plan.streams, found.is_optimal()), (0, 0, true));
    }
}
