//! Work that starts no earlier than some time and is followed by no less than some time (Carlier's argument), with latency.
//!
//! Of the tasks that wait for one task, only its favourite starts on time; the others pay the latency. So the first tasks on the
//! streams start, all together, no earlier than the smallest of: every task's start as no favourite, and one start as favourite
//! for each predecessor. The same holds from the end.

use crate::list::Streams;
use crate::waits::Waits;
use crate::{Dag, Reversed};

/// More thresholds than this are thinned out, which only weakens the bound.
const THRESHOLDS: usize = 256;

/// In large graphs also more than so many streams of tasks looked at for all thresholds.
const LOOKS: usize = 16_000_000;

pub(super) fn bound(dag: &Dag, reversed: &Reversed, streams: Streams) -> u64 {
    let heads = Heads::new(dag, streams);
    let tails = Heads::new(&reversed.dag, streams).reversed();
    let mut by_tail: Vec<u32> = (0..dag.len() as u32).collect();
    by_tail.sort_unstable_by_key(|&task| std::cmp::Reverse(tails.favourite[task as usize]));
    let mut thresholds = heads.favourite.clone();
    thresholds.sort_unstable();
    thresholds.dedup();
    let looks = dag.len().max(1).saturating_mul(streams.count.max(1) as usize);
    let most = (LOOKS / looks).clamp(4, THRESHOLDS);
    let step = thresholds.len().div_ceil(most).max(1);
    let mut longest = 0;
    let mut sweep = Sweep::new(dag, streams.count.max(1) as usize);
    for &threshold in thresholds.iter().step_by(step) {
        sweep.restart();
        for &task in by_tail.iter().filter(|&&task| heads.favourite[task as usize] >= threshold) {
            sweep.add(task, &heads, &tails, threshold);
            longest = longest.max(sweep.bound());
        }
    }
    longest
}

const NONE: u32 = u32::MAX;

/// How early tasks can start.
struct Heads {
    /// The earliest start.
    favourite: Vec<u64>,
    /// The earliest start of all but one of the tasks with the same `waits_for`.
    other: Vec<u64>,
    waits_for: Vec<u32>,
    /// The earliest start among those that wait for a task.
    first_after: Vec<u64>,
}

impl Heads {
    fn new(dag: &Dag, streams: Streams) -> Self {
        let waits = Waits::new(dag, streams);
        let tasks = dag.len();
        let mut heads = Self {
            favourite: vec![0; tasks],
            other: vec![0; tasks],
            waits_for: vec![NONE; tasks],
            first_after: vec![u64::MAX; tasks],
        };
        for task in 0..tasks as u32 {
            let before = dag.predecessors(task);
            let (mut end, mut last, mut second) = (0, 0, 0);
            for &from in before {
                let ends = heads.favourite[from as usize] + dag.cost(from);
                let away = ends + waits.of(from, task);
                end = end.max(ends);
                if away > last {
                    (last, second) = (away, last);
                    heads.waits_for[task as usize] = from;
                } else {
                    second = second.max(away);
                }
            }
            let favourite = end.max(second);
            heads.favourite[task as usize] = favourite;
            heads.other[task as usize] = favourite.max(last);
            if let Some(first) = heads.first_after.get_mut(heads.waits_for[task as usize] as usize) {
                *first = favourite.min(*first);
            }
        }
        heads
    }

    /// The heads of the reversed graph as tails of the graph.
    fn reversed(mut self) -> Self {
        let last = self.favourite.len() as u32;
        self.favourite.reverse();
        self.other.reverse();
        self.first_after.reverse();
        self.waits_for.reverse();
        for from in &mut self.waits_for {
            if *from != NONE {
                *from = last - 1 - *from;
            }
        }
        self
    }
}

/// Tasks added one by one, and the bound that they give together.
struct Sweep<'a> {
    dag: &'a Dag,
    streams: usize,
    round: u32,
    work: u64,
    heads: Vec<u64>,
    tails: Vec<u64>,
    seen_head: Vec<u32>,
    seen_tail: Vec<u32>,
}

impl<'a> Sweep<'a> {
    fn new(dag: &'a Dag, streams: usize) -> Self {
        let seen = vec![0; dag.len()];
        let (heads, tails) = (Vec::new(), Vec::new());
        Self { dag, streams, round: 0, work: 0, heads, tails, seen_head: seen.clone(), seen_tail: seen }
    }

    fn restart(&mut self) {
        self.round += 1;
        self.work = 0;
        self.heads.clear();
        self.tails.clear();
    }

    fn add(&mut self, task: u32, heads: &Heads, tails: &Heads, threshold: u64) {
        self.work += self.dag.cost(task);
        smallest(&mut self.heads, self.streams, heads.other[task as usize]);
        smallest(&mut self.tails, self.streams, tails.other[task as usize]);
        if let Some(seen) = self.seen_head.get_mut(heads.waits_for[task as usize] as usize)
            && std::mem::replace(seen, self.round) != self.round
        {
            let first = heads.first_after[heads.waits_for[task as usize] as usize].max(threshold);
            smallest(&mut self.heads, self.streams, first);
        }
        if let Some(seen) = self.seen_tail.get_mut(tails.waits_for[task as usize] as usize)
            && std::mem::replace(seen, self.round) != self.round
        {
            smallest(
                &mut self.tails,
                self.streams,
                tails.first_after[tails.waits_for[task as usize] as usize],
            );
        }
    }

    /// The least of the averages over one, two, … streams: how many of them the tasks are on is not known.
    fn bound(&self) -> u64 {
        let mut total = self.work;
        let averages = self.heads.iter().zip(&self.tails).zip(1..).map(|((head, tail), streams)| {
            total += head + tail;
            total.div_ceil(streams)
        });
        averages.min().unwrap_or(0)
    }
}

/// Keeps the `most` smallest, ascending.
fn smallest(kept: &mut Vec<u64>, most: usize, value: u64) {
    if kept.len() < most || kept.last().is_some_and(|&last| value < last) {
        let at = kept.partition_point(|&other| other <= value);
        kept.insert(at, value);
        kept.truncate(most);
    }
}
