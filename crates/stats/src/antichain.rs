//! The heaviest set of blocks of which no two are ordered, with the proof that there is no heavier one.
//!
//! By Dilworth's theorem in its weighted form the weight of the heaviest antichain is the least number of chains that pass
//! every block as often as it weighs. The chains are a flow: each block sends as many units as it weighs to blocks that come after
//! it, and takes as many; every unit that arrives joins two chains. Units pass through blocks on their way, so the graph
//! needs no transitive closure. What remains unjoined at the largest flow is the number of chains, and the
//! smallest cut is the antichain.
//!
//! The lanes are chains already, so the flow starts with them, and only what several lanes can share has to be found: the
//! search grows with the number of lanes rather than with the number of tasks.

use crate::blocks::Blocks;

/// How many arcs a search looks at before it gives up; a few seconds.
const MOST_STEPS: u64 = 2_000_000_000;

/// The heaviest antichain, or what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Antichain {
    /// Blocks of which no two are ordered, by number; those without weight are left out.
    pub members: Vec<u32>,
    /// What they weigh.
    pub weight: u64,
    /// No antichain weighs more; equal to `weight` if the search came to its end.
    pub bound: u64,
    /// For each block with weight, the one that follows it in its chain; only where blocks weigh 1 or nothing.
    pub successors: Vec<Option<u32>>,
}

impl Antichain {
    /// The heaviest antichain of `blocks`, which weigh `weights`.
    pub fn heaviest(blocks: &Blocks, weights: &[u32]) -> Self {
        Self::within(blocks, weights, MOST_STEPS)
    }

    /// The same, found within so many steps or not at all.
    pub fn within(blocks: &Blocks, weights: &[u32], most_steps: u64) -> Self {
        let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
        let mut flow = Flow::along_lanes(blocks, weights);
        let finished = flow.maximize(most_steps);
        let bound = total - flow.value();
        let members = if finished { flow.cut() } else { widest_level(blocks, weights) };
        let weight = members.iter().map(|&block| u64::from(weights[block as usize])).sum();
        let is_unit = weights.iter().all(|&weight| weight <= 1);
        let successors = if is_unit { flow.chains() } else { Vec::new() };
        Self { members, weight, bound, successors }
    }

    /// Whether no antichain is heavier.
    pub fn is_exact(&self) -> bool {
        self.weight == self.bound
    }
}

/// Units on their way between blocks.
///
/// Every block has two sides, `out` (numbered like the block) and `in` (behind all of those).
struct Flow<'b> {
    blocks: &'b Blocks,
    weights: &'b [u32],
    /// What each block can still send.
    unsent: Vec<u32>,
    /// What each block can still take.
    untaken: Vec<u32>,
    /// What goes over each edge.
    over: Vec<u32>,
    /// What goes through each block.
    through: Vec<u32>,
    levels: Vec<u32>,
    /// Which arc of each side is to be looked at next.
    arcs: Vec<u32>,
    steps: u64,
}

const UNREACHED: u32 = u32::MAX;

impl<'b> Flow<'b> {
    /// The flow that follows the lanes only.
    fn along_lanes(blocks: &'b Blocks, weights: &'b [u32]) -> Self {
        let count = blocks.len();
        let mut flow = Self {
            blocks,
            weights,
            unsent: weights.to_vec(),
            untaken: weights.to_vec(),
            over: vec![0; blocks.edges()],
            through: vec![0; count],
            levels: vec![UNREACHED; 2 * count],
            arcs: vec![0; 2 * count],
            steps: 0,
        };
        for lane in blocks.lanes.values() {
            // What the rest of the lane can still take.
            let mut wanted: u64 = lane.clone().map(|block| u64::from(weights[block as usize])).sum();
            let mut arriving = 0u64;
            for block in lane.clone() {
                let at = block as usize;
                let own = u64::from(weights[at]);
                let taken = arriving.min(own);
                let passing = arriving - taken;
                wanted -= own;
                let leaving = (passing + own).min(wanted).min(u64::from(u32::MAX));
                flow.untaken[at] -= taken as u32;
                flow.through[at] = passing as u32;
                flow.unsent[at] -= (leaving - passing) as u32;
                if leaving > 0 {
                    flow.over[blocks.successor_range(block).start] = leaving as u32;
                }
                arriving = leaving;
            }
        }
        flow
    }

    /// How many units arrive.
    fn value(&self) -> u64 {
        let taken = self.weights.iter().zip(&self.untaken).map(|(&weight, &left)| u64::from(weight - left));
        taken.sum()
    }

    /// Sends as much as can be sent; `false` where that takes too many steps.
    fn maximize(&mut self, most_steps: u64) -> bool {
        while let Some(last) = self.find_levels() {
            self.arcs.fill(0);
            for block in 0..self.unsent.len() {
                while self.unsent[block] > 0 && self.send(block as u32, last) {}
                if self.steps > most_steps {
                    return false;
                }
            }
        }
        true
    }

    /// The distance of every side from what can still send; gives the least one at which something can be taken.
    fn find_levels(&mut self) -> Option<u32> {
        self.levels.fill(UNREACHED);
        let count = self.unsent.len();
        let mut reached: Vec<u32> =
            (0..count as u32).filter(|&block| self.unsent[block as usize] > 0).collect();
        for &side in &reached {
            self.levels[side as usize] = 0;
        }
        let mut last = None;
        let mut at = 0;
        while let Some(&side) = reached.get(at) {
            at += 1;
            let level = self.levels[side as usize];
            if last.is_some_and(|last| level >= last) {
                continue;
            }
            if side as usize >= count && self.untaken[side as usize - count] > 0 {
                last = Some(level);
                continue;
            }
            let mut arc = 0;
            while let Some((next, room)) = self.arc(side, arc) {
                arc += 1;
                if room > 0 && self.levels[next as usize] == UNREACHED {
                    self.levels[next as usize] = level + 1;
                    reached.push(next);
                }
            }
            self.steps += u64::from(arc);
        }
        last
    }

    /// The side that arc `arc` of `side` leads to, and how much it can carry; `None` behind the last arc.
    fn arc(&self, side: u32, arc: u32) -> Option<(u32, u32)> {
        let count = self.unsent.len() as u32;
        if side < count {
            let edges = self.blocks.successor_range(side);
            let edge = edges.start + arc as usize;
            return if edge < edges.end {
                Some((count + self.blocks.target(edge), u32::MAX))
            } else {
                (edge == edges.end).then(|| (count + side, self.through[side as usize]))
            };
        }
        let block = side - count;
        if arc == 0 {
            return Some((block, u32::MAX));
        }
        let (from, edge) = *self.incoming_arc(block, arc)?;
        Some((from, self.over[edge as usize]))
    }

    fn incoming_arc(&self, block: u32, arc: u32) -> Option<&(u32, u32)> {
        self.blocks.predecessors(block).get(arc as usize - 1)
    }

    /// Sends something from `block` by way of rising levels to a side on level `last`; says whether that was possible.
    fn send(&mut self, block: u32, last: u32) -> bool {
        let count = self.unsent.len() as u32;
        let mut path = vec![block];
        while let Some(&side) = path.last() {
            if side >= count
                && self.untaken[(side - count) as usize] > 0
                && self.levels[side as usize] == last
            {
                self.push_along(&path);
                return true;
            }
            let level = self.levels[side as usize];
            let mut advanced = false;
            while let Some((next, room)) = self.arc(side, self.arcs[side as usize]) {
                self.steps += 1;
                if room > 0 && level < last && self.levels[next as usize] == level + 1 {
                    path.push(next);
                    advanced = true;
                    break;
                }
                self.arcs[side as usize] += 1;
            }
            if !advanced {
                path.pop();
                if let Some(&before) = path.last() {
                    self.arcs[before as usize] += 1;
                }
            }
        }
        false
    }

    /// Sends as much as the path can carry.
    fn push_along(&mut self, path: &[u32]) {
        let count = self.unsent.len() as u32;
        let (Some(&first), Some(&last)) = (path.first(), path.last()) else { return };
        let mut amount = self.unsent[first as usize].min(self.untaken[(last - count) as usize]);
        for &side in &path[..path.len() - 1] {
            if let Some((_, room)) = self.arc(side, self.arcs[side as usize]) {
                amount = amount.min(room);
            }
        }
        self.unsent[first as usize] -= amount;
        self.untaken[(last - count) as usize] -= amount;
        for &side in &path[..path.len() - 1] {
            let arc = self.arcs[side as usize];
            if side < count {
                let edges = self.blocks.successor_range(side);
                match edges.start + arc as usize {
                    edge if edge < edges.end => self.over[edge] += amount,
                    _ => self.through[side as usize] -= amount,
                }
            } else if arc == 0 {
                self.through[(side - count) as usize] += amount;
            } else if let Some(&(_, edge)) = self.incoming_arc(side - count, arc) {
                self.over[edge as usize] -= amount;
            }
        }
    }

    /// The blocks that can still be reached where they send, and not where they take.
    fn cut(&self) -> Vec<u32> {
        let count = self.unsent.len();
        let reached = |side: usize| self.levels[side] != UNREACHED;
        (0..count)
            .filter(|&block| self.weights[block] > 0 && reached(block) && !reached(count + block))
            .map(|block| block as u32)
            .collect()
    }

    /// Which block each unit arrives at.
    fn chains(&mut self) -> Vec<Option<u32>> {
        let mut taken: Vec<u32> =
            self.weights.iter().zip(&self.untaken).map(|(&weight, &left)| weight - left).collect();
        let mut successors = vec![None; self.unsent.len()];
        for (block, successor) in successors.iter_mut().enumerate() {
            if self.weights[block] == 0 || self.unsent[block] > 0 {
                continue;
            }
            let mut at = block as u32;
            while let Some(edge) = self.blocks.successor_range(at).find(|&edge| self.over[edge] > 0) {
                self.over[edge] -= 1;
                at = self.blocks.target(edge);
                if taken[at as usize] > 0 {
                    taken[at as usize] -= 1;
                    *successor = Some(at);
                    break;
                }
                self.through[at as usize] -= 1;
            }
        }
        successors
    }
}

/// The heaviest set of blocks to which equally long ways lead; no two of those are ordered.
fn widest_level(blocks: &Blocks, weights: &[u32]) -> Vec<u32> {
    let mut depths = vec![0u32; blocks.len()];
    let mut heaviness: Vec<u64> = Vec::new();
    for block in blocks.topological() {
        let depth = depths[block as usize];
        for &next in blocks.successors(block) {
            depths[next as usize] = depths[next as usize].max(depth + 1);
        }
        if heaviness.len() <= depth as usize {
            heaviness.resize(depth as usize + 1, 0);
        }
        heaviness[depth as usize] += u64::from(weights[block as usize]);
    }
    let best = (0..heaviness.len()).rev().max_by_key(|&depth| heaviness[depth]).unwrap_or(0);
    (0..blocks.len() as u32)
        .filter(|&block| weights[block as usize] > 0 && depths[block as usize] as usize == best)
        .collect()
}
