//! The order of a trace, reduced to blocks of tasks between which something is ordered.
//!
//! A block is a run of tasks of one lane; it ends with a record that another task waits for, or before a wait. All tasks of
//! a block are ordered alike with everything on other lanes, so questions about order need no more nodes than there are records and
//! waits, however many tasks there are.
//!
//! **Invariant:** blocks are numbered lane by lane; task `a` is complete before task `b` starts, in every execution, exactly if
//! they are in one block and `a` comes first, or a path leads from the block of `a` to that of `b`.

use std::ops::Range;

use acg_entity::{Arena, Entity};
use acg_trace::{LaneId, TaskId, Trace};

acg_entity::entity! {
    /// A run of tasks.
    BlockId, "block"
}

/// A run of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its lane.
    pub lane: LaneId,
    /// Its tasks in [`Trace::order`].
    pub tasks: Range<u32>,
}

/// The blocks of a trace and what leads from where to where.
#[derive(Clone, Debug)]
pub struct Blocks {
    /// The blocks, lane by lane.
    pub blocks: Arena<BlockId, Block>,
    /// The blocks of each lane.
    pub lanes: Arena<LaneId, Range<u32>>,
    /// Where the successors of each block begin in `targets`; one entry more than blocks.
    starts: Vec<u32>,
    /// Successors, block by block; the next block of the lane is the first.
    targets: Vec<u32>,
    /// Where what leads to each block begins in `incoming`; one entry more than blocks.
    incoming_starts: Vec<u32>,
    /// For each edge, by its target, where it comes from, and its place in `targets`.
    incoming: Vec<(u32, u32)>,
}

impl Blocks {
    /// The blocks of `trace`. Where waits form a circle, those whose records come later order nothing.
    pub fn of(trace: &Trace) -> Self {
        let links = forward_links(trace);
        let mut starts_block = vec![false; trace.tasks.len()];
        let mut ends_block = vec![false; trace.tasks.len()];
        for &(record, wait) in &links {
            ends_block[record.index()] = true;
            starts_block[wait.index()] = true;
        }
        let mut blocks: Arena<BlockId, Block> = Arena::default();
        let mut block_of = vec![0u32; trace.tasks.len()];
        let mut lanes: Arena<LaneId, Range<u32>> = Arena::default();
        for (lane, data) in trace.lanes.iter() {
            let first = blocks.len() as u32;
            let mut start = data.tasks.start;
            for at in data.tasks.clone() {
                let task = trace.order[at as usize];
                if starts_block[task.index()] && at > start {
                    blocks.push(Block { lane, tasks: start..at });
                    start = at;
                }
                block_of[task.index()] = blocks.len() as u32;
                if ends_block[task.index()] {
                    blocks.push(Block { lane, tasks: start..at + 1 });
                    start = at + 1;
                }
            }
            if start < data.tasks.end {
                blocks.push(Block { lane, tasks: start..data.tasks.end });
            }
            lanes.push(first..blocks.len() as u32);
        }
        // A lane orders its own tasks anyway.
        let lane = |task: TaskId| trace.tasks[task].lane;
        let across = links.iter().filter(|&&(record, wait)| lane(record) != lane(wait));
        let across = across.map(|(record, wait)| (block_of[record.index()], block_of[wait.index()]));
        let (starts, targets) = successors(&lanes, blocks.len(), across);
        let (incoming_starts, incoming) = incoming(&starts, &targets);
        Self { blocks, lanes, starts, targets, incoming_starts, incoming }
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The blocks that begin only when block `block` is complete, the next one of its lane first.
    pub fn successors(&self, block: u32) -> &[u32] {
        &self.targets[self.successor_range(block)]
    }

    /// The blocks that must be complete before block `block` begins, each with the place of the edge between them.
    pub fn predecessors(&self, block: u32) -> &[(u32, u32)] {
        let bound = |at: usize| self.incoming_starts[at] as usize;
        &self.incoming[bound(block as usize)..bound(block as usize + 1)]
    }

    /// The places of a block's successors among those of all blocks.
    pub(crate) fn successor_range(&self, block: u32) -> Range<usize> {
        self.starts[block as usize] as usize..self.starts[block as usize + 1] as usize
    }

    /// How many pairs of a block and a successor there are.
    pub fn edges(&self) -> usize {
        self.targets.len()
    }

    /// The target of the edge at a place.
    pub(crate) fn target(&self, edge: usize) -> u32 {
        self.targets[edge]
    }

    /// The places of a block's tasks in [`Trace::order`].
    pub fn range(&self, block: u32) -> Range<u32> {
        self.blocks[BlockId::at(block as usize)].tasks.clone()
    }

    /// The tasks of a block.
    pub fn tasks<'t>(&self, trace: &'t Trace, block: u32) -> &'t [TaskId] {
        let range = self.range(block);
        &trace.order[range.start as usize..range.end as usize]
    }

    /// Every block, each behind those that lead to it.
    pub fn topological(&self) -> Vec<u32> {
        let mut pending = vec![0u32; self.len()];
        self.targets.iter().for_each(|&target| pending[target as usize] += 1);
        let mut order: Vec<u32> =
            (0..self.len() as u32).filter(|&block| pending[block as usize] == 0).collect();
        let mut at = 0;
        while let Some(&block) = order.get(at) {
            at += 1;
            for &target in self.successors(block) {
                pending[target as usize] -= 1;
                if pending[target as usize] == 0 {
                    order.push(target);
                }
            }
        }
        order
    }
}

/// The pairs of record and wait whose record runs first.
fn forward_links(trace: &Trace) -> Vec<(TaskId, TaskId)> {
    let mut has_run = vec![false; trace.tasks.len()];
    let mut links = Vec::with_capacity(trace.links.len());
    for &task in trace.links.schedule() {
        has_run[task.index()] = true;
        if let Some(record) = trace.links.record_of(task).filter(|record| has_run[record.index()]) {
            links.push((record, task));
        }
    }
    links
}

/// The successors of all blocks: the next of the lane, and what lies across.
fn successors(
    lanes: &Arena<LaneId, Range<u32>>,
    count: usize,
    across: impl Iterator<Item = (u32, u32)> + Clone,
) -> (Vec<u32>, Vec<u32>) {
    let along = || lanes.values().flat_map(|lane| lane.clone().zip(lane.clone().skip(1)));
    let mut starts = vec![0u32; count + 1];
    for (from, _) in along().chain(across.clone()) {
        starts[from as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut targets = vec![0; starts.last().copied().unwrap_or(0) as usize];
    for (from, to) in along().chain(across) {
        let place = &mut next[from as usize];
        targets[*place as usize] = to;
        *place += 1;
    }
    (starts, targets)
}

/// The edges by their targets.
fn incoming(starts: &[u32], targets: &[u32]) -> (Vec<u32>, Vec<(u32, u32)>) {
    let mut incoming_starts = vec![0u32; starts.len()];
    for &target in targets {
        incoming_starts[target as usize + 1] += 1;
    }
    for at in 1..incoming_starts.len() {
        incoming_starts[at] += incoming_starts[at - 1];
    }
    let mut next = incoming_starts.clone();
    let mut incoming = vec![(0, 0); targets.len()];
    for (block, bounds) in starts.windows(2).enumerate() {
        for edge in bounds[0]..bounds[1] {
            let place = &mut next[targets[edge as usize] as usize];
            incoming[*place as usize] = (block as u32, edge);
            *place += 1;
        }
    }
    (incoming_starts, incoming)
}
