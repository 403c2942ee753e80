use proptest::prelude::*;

use super::*;
use crate::{Engine, fewest_syncs};

fn graph(tasks: usize, edges: &[(u32, u32)]) -> Dag {
    Dag::new(vec![1; tasks], vec![Engine::Slot; tasks], edges.iter().copied())
}

#[test]
fn nothing_one_task_and_a_crossing() {
    assert_eq!(Front::new(&Dag::default()).width(), 0);
    assert_eq!(Front::new(&graph(1, &[])).fewest_streams.plan().streams, 1);
    // Two chains that cross in one task: two streams, one of which passes by way of it.
    let dag = graph(5, &[(0, 2), (1, 2), (2, 3), (2, 4)]);
    let front = Front::new(&dag);
    assert_eq!(front.fewest_syncs.point(&dag), Point { streams: 2, syncs: 2 });
    assert_eq!(front.fewest_streams.point(&dag), Point { streams: 2, syncs: 2 });
}

#[test]
fn the_ends_differ_where_streams_cost_waits() {
    let edges = [(0, 3), (0, 4), (1, 3), (2, 4), (2, 5), (3, 6), (5, 6)];
    let dag = graph(7, &edges);
    let front = Front::new(&dag);
    assert!(front.is_proved(&dag));
}

/// All covers by trying every follower of every task: the front's two ends.
fn ends_by_trying(dag: &Dag, reduced: &Dag) -> (Point, Point) {
    let tasks = dag.len();
    let mut leads = vec![vec![false; tasks]; tasks];
    for from in (0..tasks).rev() {
        for &next in dag.successors(from as u32) {
            leads[from][next as usize] = true;
            let further = leads[next as usize].clone();
            leads[from].iter_mut().zip(further).for_each(|(leads, further)| *leads |= further);
        }
    }
    let mut next = vec![NONE; tasks];
    let mut points = Vec::new();
    try_from(0, &leads, reduced, &mut next, &mut points);
    let by_syncs = points.iter().min_by_key(|point: &&Point| (point.syncs, point.streams));
    let by_streams = points.iter().min_by_key(|point: &&Point| (point.streams, point.syncs));
    (*by_syncs.unwrap(), *by_streams.unwrap())
}

fn try_from(task: usize, leads: &[Vec<bool>], reduced: &Dag, next: &mut Vec<u32>, points: &mut Vec<Point>) {
    if task == next.len() {
        points.push(Cover { next: next.clone() }.point(reduced));
        return;
    }
    try_from(task + 1, leads, reduced, next, points);
    for to in (0..next.len()).filter(|&to| leads[task][to]) {
        if !next.contains(&(to as u32)) {
            next[task] = to as u32;
            try_from(task + 1, leads, reduced, next, points);
            next[task] = NONE;
        }
    }
}

proptest! {
    #[test]
    fn both_ends_are_what_trying_all_covers_finds(
        tasks in 1usize..8,
        edges in prop::collection::vec((0u32..8, 0u32..8), 0..20),
    ) {
        let dag = graph(tasks, &edges);
        let reduced = reduction(&dag);
        let front = Front::new(&dag);
        prop_assert!(front.is_proved(&reduced));
        let (syncs_first, streams_first) = ends_by_trying(&dag, &reduced);
        prop_assert_eq!(front.fewest_syncs.point(&reduced), syncs_first);
        prop_assert_eq!(front.fewest_streams.point(&reduced), streams_first);
    }

    #[test]
    fn larger_fronts_prove_themselves_and_their_plans_need_as_many_waits(
        tasks in 1usize..60,
        edges in prop::collection::vec((0u32..60, 0u32..60), 0..150),
    ) {
        let dag = graph(tasks, &edges);
        let reduced = reduction(&dag);
        let front = Front::of_reduced(&reduced);
        prop_assert!(front.is_proved(&reduced));
        for cover in [&front.fewest_syncs, &front.fewest_streams] {
            let plan = cover.plan();
            let point = cover.point(&reduced);
            prop_assert_eq!(plan.streams, point.streams);
            prop_assert_eq!(fewest_syncs(&dag, &plan).len(), point.syncs as usize);
        }
    }
}
