//! Decides for many sources at once, by passing sets of bits along the graph.

use super::{Open, mark};
use crate::Dag;

const WORDS: usize = 8;
pub(super) const BLOCK: usize = WORDS * 64;

/// How many blocks it takes to decide `open`, ascending by source.
pub(super) fn blocks(open: &[Open]) -> u64 {
    (sources(open).count() as u64).div_ceil(BLOCK as u64)
}

fn sources(open: &[Open]) -> impl Iterator<Item = u32> + '_ {
    let of_one = open.chunk_by(|one, next| one.source == next.source);
    of_one.filter_map(|of_one| of_one.first()).map(|open| open.source)
}

/// Marks which of `open`, ascending by source, others imply.
pub(super) fn decide_in_blocks(dag: &Dag, open: &[Open], redundant: &mut [bool]) {
    if open.is_empty() {
        return;
    }
    let sources: Vec<u32> = sources(open).collect();
    let mut reached = vec![[0u64; WORDS]; dag.len()];
    for block in sources.chunks(BLOCK) {
        decide_block(dag, block, &mut reached, redundant);
    }
}

/// Passes one bit per source along the graph; `reached` holds those that lead to each task.
fn decide_block(dag: &Dag, block: &[u32], reached: &mut [[u64; WORDS]], redundant: &mut [bool]) {
    let Some(&start) = block.first() else { return };
    let last = block.iter().filter_map(|&source| dag.successors(source).last()).max().copied();
    reached[start as usize] = [0; WORDS];
    for task in start + 1..=last.unwrap_or(start) {
        // A source leads to the task around its own dependence if it leads to another of the task's predecessors.
        let (mut around, mut direct) = ([0u64; WORDS], [0u64; WORDS]);
        for &before in dag.predecessors(task).iter().filter(|&&before| before >= start) {
            for (word, more) in around.iter_mut().zip(&reached[before as usize]) {
                *word |= more;
            }
            if let Ok(bit) = block.binary_search(&before) {
                direct[bit / 64] |= 1 << (bit % 64);
            }
        }
        for word in 0..WORDS {
            let mut both = around[word] & direct[word];
            while both != 0 {
                mark(dag, block[word * 64 + both.trailing_zeros() as usize], task, redundant);
                both &= both - 1;
            }
            reached[task as usize][word] = around[word] | direct[word];
        }
    }
}
