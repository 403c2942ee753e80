//! The longest chain of tasks of which each must be complete before the next: what no number of streams can shorten.

use acg_trace::{Part, Trace};

use crate::blocks::Blocks;
use crate::run::{Run, runs};

/// The longest chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// How many tasks of work the chain with the most of them has.
    pub work: u32,
    /// How many tasks the longest chain has, records and waits included.
    pub tasks: u32,
    /// Where the chain with the most work leads, from its beginning.
    pub runs: Vec<Run>,
}

impl CriticalPath {
    /// The longest chain of `trace`, whose blocks are `blocks`.
    pub fn of(trace: &Trace, blocks: &Blocks) -> Self {
        let order = blocks.topological();
        let count = |block: u32, counts: fn(&acg_trace::Task) -> bool| {
            blocks.tasks(trace, block).iter().filter(|&&task| counts(&trace.tasks[task])).count() as u32
        };
        let (work, chain) = longest(blocks, &order, |block| count(block, |task| task.kind.is_work()));
        let submitted =
            |task: &acg_trace::Task| matches!(task.part, Part::Body | Part::Callback | Part::AddedStream);
        let (tasks, _) = longest(blocks, &order, |block| count(block, submitted));
        let chain = chain.iter().flat_map(|&block| blocks.tasks(trace, block).iter().copied());
        Self { work, tasks, runs: runs(trace, chain) }
    }
}

/// The weight of the heaviest chain of blocks, and the chain.
fn longest(blocks: &Blocks, order: &[u32], weight: impl Fn(u32) -> u32) -> (u32, Vec<u32>) {
    // For each block the weight of the heaviest chain up to it, and the block before it there.
    let mut best: Vec<(u32, Option<u32>)> = vec![(0, None); blocks.len()];
    for &block in order {
        best[block as usize].0 += weight(block);
        let reached = best[block as usize].0;
        for &next in blocks.successors(block) {
            let known = &mut best[next as usize];
            if known.1.is_none() || known.0 < reached {
                *known = (reached, Some(block));
            }
        }
    }
    let end = (0..blocks.len() as u32).rev().max_by_key(|&block| best[block as usize].0);
    let mut chain: Vec<u32> = std::iter::successors(end, |&block| best[block as usize].1).collect();
    chain.reverse();
    (end.map_or(0, |end| best[end as usize].0), chain)
}
