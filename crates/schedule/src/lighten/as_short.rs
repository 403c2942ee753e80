//! Other plans that take no longer than one that is known.
//!
//! Where a graph is wide there are many of them, and they differ in what they keep in use at once and in how often streams wait: both are little
//! where what was begun is finished before more is begun. Tasks are placed by urgencies between that and how long it takes from them to the end,
//! and the placement is improved until it ends as early as the known plan does, which is mostly soon.

use std::time::Instant;

use crate::improve::Improver;
use crate::list::{Placement, Placer, Reversed, Rule, Streams, tails};
use crate::{Dag, Plan};

/// How many tasks are placed to make one plan as short as the known one, on each way that is gone, and of how many tasks that is, as each of a large
/// graph takes longer.
const PLACED: u64 = 25_000;
const PLACED_OF_TASKS: u64 = 100_000_000;
/// Of so many parts of an urgency, those that go by the order of finishing.
const PARTS: u64 = 32;
const SHARES: [u64; 4] = [0, 8, 16, 24];
/// So many more plans that do not become as short than plans that do, and no more are tried.
const MOST_FAILURES: usize = 8;

/// Plans on `streams` that take `latest` nanoseconds at most, without syncs.
pub(super) fn as_short(dag: &Dag, streams: Streams, latest: u64, ends: Option<Instant>) -> Vec<Plan> {
    let reversed = Reversed::new(dag);
    let mut placer = Placer::new(dag, streams);
    let tasks = dag.len().max(1) as u64;
    let tries = PLACED.min(PLACED_OF_TASKS / tasks) / tasks;
    let (mut placements, mut failures): (Vec<Placement>, usize) = (Vec::new(), 0);
    for (urgency, rule) in manners(dag, streams) {
        let is_over = ends.is_some_and(|ends| Instant::now() >= ends);
        if is_over || failures > placements.len() + MOST_FAILURES {
            break;
        }
        let mut found = placer.place(rule, &urgency).clone();
        if found.makespan > latest && tries > 0 {
            let mut improver = Improver::new(dag, &reversed, streams, found);
            improver.round(tries, latest);
            found = improver.best().clone();
        }
        if found.makespan > latest {
            failures += 1;
        } else if !placements.contains(&found) {
            placements.push(found);
        }
    }
    placements.iter().map(|found| found.plan(dag)).collect()
}

/// Urgencies and rules to place by.
fn manners(dag: &Dag, streams: Streams) -> impl Iterator<Item = (Vec<u64>, Rule)> {
    let tails = [streams.latency, 0].map(|step| tails(dag, step));
    let orders = [(0..dag.len() as u32).collect(), by_finishing(dag)];
    let mixtures = SHARES.into_iter().flat_map(|share| {
        // Without a share all orders are the same.
        let orders = 0..if share == 0 { 1 } else { 2 };
        orders.flat_map(move |order| [(share, order, 0), (share, order, 1)])
    });
    mixtures.flat_map(move |(share, order, step)| {
        let urgency = mixed(&tails[step], &orders[order], share);
        [(urgency.clone(), Rule::ByTask), (urgency, Rule::ByTime)]
    })
}

/// Urgencies of which `share` parts go by `order` and the others by `tails`.
fn mixed(tails: &[u64], order: &[u32], share: u64) -> Vec<u64> {
    let longest = tails.iter().max().copied().unwrap_or(0);
    let step = longest / PARTS * share / order.len().max(1) as u64;
    let mut urgency: Vec<u64> = tails.iter().map(|tail| tail / PARTS * (PARTS - share)).collect();
    for (&task, left) in order.iter().zip((1..=order.len() as u64).rev()) {
        urgency[task as usize] += step * left;
    }
    urgency
}

/// All tasks in an order in which what leads to one end of the graph comes together.
fn by_finishing(dag: &Dag) -> Vec<u32> {
    let mut is_seen = vec![false; dag.len()];
    let mut order = Vec::with_capacity(dag.len());
    let mut open: Vec<(u32, usize)> = Vec::new();
    for end in (0..dag.len() as u32).filter(|&task| dag.successors(task).is_empty()) {
        is_seen[end as usize] = true;
        open.push((end, 0));
        while let Some((task, at)) = open.pop() {
            let Some(&before) = dag.predecessors(task).get(at) else {
                order.push(task);
                continue;
            };
            open.push((task, at + 1));
            if !is_seen[before as usize] {
                is_seen[before as usize] = true;
                open.push((before, 0));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Device, Engine, simulate};

    const STREAMS: Streams = Streams { count: 2, latency: 1_500 };

    fn graph() -> Dag {
        let costs = (0..60).map(|task| 1_000 + task * 389 % 700).collect();
        let edges = (0..60u32).flat_map(|task| [(task, task + 7), (task, task + 11)]);
        Dag::new(costs, vec![Engine::Slot; 60], edges)
    }

    #[test]
    fn plans_take_no_longer_and_differ() {
        let dag = graph();
        let device = Device { slots: None, sync_latency: STREAMS.latency };
        let latest = dag.costs().iter().sum::<u64>() * 11 / 20;
        let plans = as_short(&dag, STREAMS, latest, None);
        assert!(plans.len() > 3);
        for (at, plan) in plans.iter().enumerate() {
            assert!(simulate(&dag, &device, plan).unwrap().makespan <= latest);
            assert!(!plans[..at].contains(plan));
        }
        assert_eq!(plans, as_short(&dag, STREAMS, latest, None));
        assert!(as_short(&dag, STREAMS, latest / 2, None).is_empty());
    }

    #[test]
    fn what_leads_to_one_end_comes_together() {
        // Two trees of which tasks alternate.
        let edges = [(0, 4), (2, 4), (4, 6), (1, 5), (3, 5), (5, 7)];
        let dag = Dag::new(vec![1; 8], vec![Engine::Slot; 8], edges.into_iter());
        assert_eq!(by_finishing(&dag), [0, 2, 4, 6, 1, 3, 5, 7]);
        assert_eq!(mixed(&[64, 32], &[1, 0], 0), [64, 32]);
        assert_eq!(mixed(&[64, 32], &[1, 0], 16), [48, 48]);
    }

    #[test]
    fn nothing_to_place() {
        assert!(as_short(&Dag::default(), STREAMS, 0, None).len() <= 1);
    }
}
