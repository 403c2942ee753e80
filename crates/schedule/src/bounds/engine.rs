//! Copies of one direction share one engine: a machine with heads and tails, and interruption allowed (Jackson's rule).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::list::tails;
use crate::{Dag, Engine, Reversed};

/// The longest that one of the copy engines takes, with what comes before and after.
pub(super) fn bound(dag: &Dag) -> u64 {
    let engines = [Engine::HostToDevice, Engine::DeviceToHost, Engine::DeviceToDevice];
    if !(0..dag.len() as u32).any(|task| dag.engine(task) != Engine::Slot) {
        return 0;
    }
    let ends: Vec<u64> = tails(&Reversed::new(dag).dag, 0).into_iter().rev().collect();
    let tails = tails(dag, 0);
    let one = |engine| {
        let copies = (0..dag.len() as u32).filter(|&task| dag.engine(task) == engine);
        let jobs = copies.map(|task| {
            let cost = dag.cost(task);
            Job { head: ends[task as usize] - cost, cost, tail: tails[task as usize] - cost }
        });
        one_machine(jobs.collect())
    };
    engines.into_iter().map(one).max().unwrap_or(0)
}

#[derive(Clone, Copy, Debug)]
struct Job {
    head: u64,
    cost: u64,
    tail: u64,
}

/// Always runs the job with the longest tail, interrupting another: the shortest there is with interruptions.
fn one_machine(mut jobs: Vec<Job>) -> u64 {
    jobs.sort_unstable_by_key(|job| Reverse(job.head));
    let mut open: BinaryHeap<(u64, u64)> = BinaryHeap::new();
    let (mut now, mut longest) = (0, 0);
    while let Some(head) = jobs.last().map(|job| job.head).or(open.peek().map(|_| now)) {
        if open.is_empty() {
            now = now.max(head);
        }
        while let Some(job) = jobs.pop_if(|job| job.head <= now) {
            open.push((job.tail, job.cost));
        }
        let next = jobs.last().map_or(u64::MAX, |job| job.head);
        if let Some((tail, left)) = open.pop() {
            let run = left.min(next - now);
            now += run;
            if run == left {
                longest = longest.max(now + tail);
            } else {
                open.push((tail, left - run));
            }
        }
    }
    longest
}
