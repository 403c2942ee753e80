//! Other plans that take no longer than one that is known.
//!
//! Where a graph is wide there are many of them, and they differ in what they keep in use at once and in how often streams wait: both are little
//! where what was begun is finished before more is begun. Tasks are placed by urgencies between that and how long it takes from them to the end,
//! and those placements that promise most are improved until they end as early as the known plan does, which is mostly soon: all once, then those that are left
//! twice as often, until so many tasks were placed as are worth it in a graph of any size.

use std::time::Instant;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::improve::Improver;
use crate::list::{Placement, Placer, Reversed, Rule, Streams, tails};
use crate::{Dag, Plan};

/// How many tasks are placed to make plans as short as the known one, there and back.
const TRIED_TASKS: u64 = 400_000;
/// A plan may well cost less than another that is short if it costs no more than so many times as much before it is made shorter.
const ABOUT: u128 = 2;
/// How many tasks are placed to begin with, which leaves some manners out where there are many, but not all.
const FIRST_TASKS: usize = 300_000;
const FEWEST_MANNERS: usize = 4;
/// Of so many parts of an urgency, those that go by the order of finishing.
const PARTS: u64 = 32;
const SHARES: [u64; 5] = [24, 8, 16, 0, PARTS];

/// Plans on `streams` that take `latest` nanoseconds at most, and others that take `longest` at most, without syncs; `merit` says how much a plan
/// costs otherwise, about: those that may well cost more than one that is short already are not made shorter.
pub(super) fn as_short(
    dag: &Dag,
    streams: Streams,
    [latest, longest]: [u64; 2],
    ends: Option<Instant>,
    mut merit: impl FnMut(&Plan) -> u128,
) -> [Vec<Plan>; 2] {
    let reversed = Reversed::new(dag);
    let mut short: Vec<(u128, Plan)> = Vec::new();
    let mut longer: Vec<(u128, Improver<'_>)> = Vec::new();
    for found in first_placements(dag, streams) {
        let plan = found.plan(dag);
        let merit = merit(&plan);
        if found.makespan <= latest {
            short.push((merit, plan));
        } else {
            longer.push((merit, Improver::new(dag, &reversed, streams, found, 1)));
        }
    }
    longer.sort_by_key(|&(merit, _)| merit);
    let mut left = TRIED_TASKS / dag.len().max(1) as u64;
    let mut tries = 1;
    let mut given_up: Vec<(u128, Improver<'_>)> = Vec::new();
    while left > 0 && ends.is_none_or(|ends| Instant::now() < ends) {
        if let Some(best) = short.iter().map(|&(merit, _)| merit).min() {
            given_up.extend(longer.extract_if(.., |&mut (merit, _)| merit > best.saturating_mul(ABOUT)));
        }
        let most = usize::try_from(left / tries).unwrap_or(usize::MAX).max(1);
        given_up.extend(longer.drain(most.min(longer.len())..));
        if longer.is_empty() {
            break;
        }
        left = left.saturating_sub(tries * longer.len() as u64);
        longer.par_iter_mut().with_max_len(1).for_each(|(_, improver)| {
            improver.round(tries, latest);
        });
        let now_short = longer.extract_if(.., |(_, improver)| improver.best().makespan <= latest);
        short.extend(now_short.map(|(_, improver)| {
            let plan = improver.best().plan(dag);
            (merit(&plan), plan)
        }));
        tries *= 2;
    }
    let others = given_up.into_iter().chain(longer).filter(|(_, other)| other.best().makespan <= longest);
    let others = others.map(|(_, other)| other.best().plan(dag)).map(|plan| (merit(&plan), plan)).collect();
    [short, others].map(|mut plans: Vec<(u128, Plan)>| {
        plans.sort_by_key(|&(merit, _)| merit);
        plans.into_iter().map(|(_, plan)| plan).collect()
    })
}

/// One placement in each manner, each different one once.
fn first_placements(dag: &Dag, streams: Streams) -> Vec<Placement> {
    let mut placer = Placer::new(dag, streams);
    let mut placements: Vec<Placement> = Vec::new();
    let most = (FIRST_TASKS / dag.len().max(1)).max(FEWEST_MANNERS);
    for (urgency, rule) in manners(dag, streams).take(most) {
        let found = placer.place(rule, &urgency);
        if !placements.contains(found) {
            placements.push(found.clone());
        }
    }
    placements
}

/// Urgencies and rules to place by.
fn manners(dag: &Dag, streams: Streams) -> impl Iterator<Item = (Vec<u64>, Rule)> {
    let tails = [streams.latency, 0].map(|step| tails(dag, step));
    let orders = [(0..dag.len() as u32).collect(), by_finishing(dag)];
    let mixtures = SHARES.into_iter().flat_map(|share| {
        // Without a share all orders are the same, and with all of it all steps.
        let orders = 0..if share == 0 { 1 } else { 2 };
        let steps = if share == PARTS { 1 } else { 2 };
        orders.flat_map(move |order| (0..steps).map(move |step| (share, order, step)))
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
        let [plans, longer] = as_short(&dag, STREAMS, [latest; 2], None, |_| 0);
        assert!(longer.is_empty());
        assert!(plans.len() > 3);
        for (at, plan) in plans.iter().enumerate() {
            assert!(simulate(&dag, &device, plan).unwrap().makespan <= latest);
            assert!(!plans[..at].contains(plan));
        }
        assert_eq!([plans, longer], as_short(&dag, STREAMS, [latest; 2], None, |_| 0));
        assert_eq!(as_short(&dag, STREAMS, [latest / 2; 2], None, |_| 0), [vec![], vec![]]);
        let [short, longer] = as_short(&dag, STREAMS, [latest / 2, latest], None, |_| 0);
        assert!(short.is_empty() && longer.len() > 3);
        assert!(longer.iter().all(|plan| simulate(&dag, &device, plan).unwrap().makespan <= latest));
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
        let [short, longer] = as_short(&Dag::default(), STREAMS, [0; 2], None, |_| 0);
        assert!(short.len() <= 1 && longer.is_empty());
    }
}
