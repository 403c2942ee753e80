//! How many tasks can run at once, with a proof.

use acg_trace::{TaskId, Trace};

use crate::antichain::Antichain;
use crate::blocks::Blocks;
use crate::run::{Run, runs};

/// How many tasks of work can run at once.
///
/// The proof that there are so many are tasks of which no two are ordered; the proof that there are no more is a division of
/// all work into that many chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Width {
    /// Tasks of which no two are ordered, by lane.
    pub together: Vec<TaskId>,
    /// Chains that all work stands on, each from its beginning.
    pub chains: Vec<Vec<Run>>,
}

impl Width {
    /// The width of `trace`, whose blocks are `blocks`.
    pub fn of(trace: &Trace, blocks: &Blocks) -> Self {
        let work = |block: u32| {
            let mut tasks = blocks.tasks(trace, block).iter();
            tasks.find(|&&task| trace.tasks[task].kind.is_work()).copied()
        };
        let weights: Vec<u32> =
            (0..blocks.len() as u32).map(|block| u32::from(work(block).is_some())).collect();
        let antichain = Antichain::heaviest(blocks, &weights);
        let together = antichain.members.iter().filter_map(|&block| work(block)).collect();
        Self { together, chains: chains(trace, blocks, &weights, &antichain) }
    }

    /// How many tasks surely can run at once.
    pub fn least(&self) -> usize {
        self.together.len()
    }

    /// More than this many never can.
    pub fn most(&self) -> usize {
        self.chains.len()
    }

    /// Whether both are the same.
    pub fn is_exact(&self) -> bool {
        self.least() == self.most()
    }
}

fn chains(trace: &Trace, blocks: &Blocks, weights: &[u32], antichain: &Antichain) -> Vec<Vec<Run>> {
    let mut follows = vec![false; weights.len()];
    antichain.successors.iter().flatten().for_each(|&block| follows[block as usize] = true);
    let begins = (0..weights.len()).filter(|&block| weights[block] > 0 && !follows[block]);
    begins
        .map(|block| {
            let chain = std::iter::successors(Some(block as u32), |&at| antichain.successors[at as usize]);
            runs(trace, chain.flat_map(|block| blocks.tasks(trace, block).iter().copied()))
        })
        .collect()
}
