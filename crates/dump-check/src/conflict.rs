//! Sets of tasks that can run at once and are too much together.
//!
//! The first set is the heaviest there is; if that is not too much, nothing is, and the search is one flow. Then every task
//! that is in no set yet is looked at: the heaviest set that it can be in is a conflict or not. So every task that
//! can be in a conflict is in one that is told, as long as there are not too many.

use acg_stats::{Antichain, Blocks};
use acg_trace::{TaskId, Trace};
use rustc_hash::FxHashMap;

/// How many conflicts of one rule a dump tells at most.
const MOST: usize = 16;

/// How many edges the search for further conflicts looks at before it stops.
const MOST_STEPS: usize = 100_000_000;

/// Tasks that can run at once.
pub(crate) struct Conflict {
    /// The tasks, lane by lane.
    pub(crate) members: Vec<TaskId>,
    /// What they weigh together.
    pub(crate) weight: u64,
}

/// What a search found.
pub(crate) struct Conflicts {
    pub(crate) found: Vec<Conflict>,
    /// Whether there may be more.
    pub(crate) is_cut_short: bool,
}

/// The sets of `tasks`, given with their weights lane by lane, that weigh more than `limit` together.
pub(crate) fn conflicts(trace: &Trace, blocks: &Blocks, tasks: &[(TaskId, u32)], limit: u64) -> Conflicts {
    let mut search = Search::new(trace, blocks, tasks);
    let mut conflicts = Conflicts { found: Vec::new(), is_cut_short: false };
    let Some(first) = search.heaviest(None).filter(|first| first.weight > limit) else { return conflicts };
    search.cover(&first);
    conflicts.found.push(first);
    let mut steps = 0;
    for candidate in 0..tasks.len() {
        if search.covered[candidate] {
            continue;
        }
        steps += blocks.edges() + blocks.len();
        if conflicts.found.len() >= MOST || steps > MOST_STEPS {
            conflicts.is_cut_short = true;
            break;
        }
        if let Some(next) = search.heaviest(Some(candidate)).filter(|next| next.weight > limit) {
            search.cover(&next);
            conflicts.found.push(next);
        }
    }
    conflicts
}

struct Search<'t> {
    blocks: &'t Blocks,
    tasks: &'t [(TaskId, u32)],
    /// The block of each of `tasks`.
    block_of: Vec<u32>,
    /// Which of `tasks` stand in each block.
    in_block: Vec<std::ops::Range<usize>>,
    place: FxHashMap<TaskId, usize>,
    covered: Vec<bool>,
}

impl<'t> Search<'t> {
    fn new(trace: &Trace, blocks: &'t Blocks, tasks: &'t [(TaskId, u32)]) -> Self {
        let mut block_of = Vec::with_capacity(tasks.len());
        let mut in_block = vec![0..0; blocks.len()];
        let mut block = 0;
        for (place, &(task, _)) in tasks.iter().enumerate() {
            // Both the tasks and the blocks are in the order of lanes.
            let data = &trace.tasks[task];
            let position = trace.lanes[data.lane].tasks.start + data.position;
            while blocks.range(block).end <= position {
                block += 1;
            }
            block_of.push(block);
            let own = &mut in_block[block as usize];
            *own = if own.start == own.end { place..place + 1 } else { own.start..place + 1 };
        }
        let place = tasks.iter().enumerate().map(|(place, &(task, _))| (task, place)).collect();
        Self { blocks, tasks, block_of, in_block, place, covered: vec![false; tasks.len()] }
    }

    /// The heaviest set of tasks that can run at once, with task `with` in it.
    fn heaviest(&self, with: Option<usize>) -> Option<Conflict> {
        let is_ordered = with.map(|with| self.ordered_with(self.block_of[with]));
        let mut chosen = vec![None; self.blocks.len()];
        let mut weights = vec![0; self.blocks.len()];
        for (block, own) in self.in_block.iter().enumerate() {
            if is_ordered.as_ref().is_some_and(|is_ordered| is_ordered[block]) {
                continue;
            }
            // Of equally heavy ones the first that was not told yet.
            let best = own.clone().rev().max_by_key(|&place| (self.tasks[place].1, !self.covered[place]));
            if let Some(best) = best {
                chosen[block] = Some(best);
                weights[block] = self.tasks[best].1;
            }
        }
        let antichain = Antichain::heaviest(self.blocks, &weights);
        let places = antichain.members.iter().filter_map(|&block| chosen[block as usize]);
        let mut places: Vec<usize> = places.chain(with).collect();
        places.sort_unstable();
        let weight = places.iter().map(|&place| u64::from(self.tasks[place].1)).sum();
        let members: Vec<TaskId> = places.iter().map(|&place| self.tasks[place].0).collect();
        (!members.is_empty()).then_some(Conflict { members, weight })
    }

    /// For every block, whether it is `block` or ordered with it.
    fn ordered_with(&self, block: u32) -> Vec<bool> {
        let mut ordered = vec![false; self.blocks.len()];
        let mut pending = vec![block];
        while let Some(at) = pending.pop() {
            for &next in self.blocks.successors(at) {
                if !std::mem::replace(&mut ordered[next as usize], true) {
                    pending.push(next);
                }
            }
        }
        pending.push(block);
        while let Some(at) = pending.pop() {
            for &(before, _) in self.blocks.predecessors(at) {
                if !std::mem::replace(&mut ordered[before as usize], true) {
                    pending.push(before);
                }
            }
        }
        ordered[block as usize] = true;
        ordered
    }

    fn cover(&mut self, conflict: &Conflict) {
        for member in &conflict.members {
            if let Some(&place) = self.place.get(member) {
                self.covered[place] = true;
            }
        }
    }
}
