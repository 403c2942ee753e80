//! Decides for many sources at once, by passing sets of bits along the graph.

use super::mark;
use crate::Dag;

const WORDS: usize = 8;
pub(super) const BLOCK: usize = WORDS * 64;

/// Decides the dependences of `from_task` and all tasks behind it, the first of which has number `first`.
pub(super) fn decide_in_blocks(dag: &Dag, from_task: u32, mut first: usize, redundant: &mut [bool]) {
    let mut reached = vec![[0u64; WORDS]; dag.len()];
    let mut block: Vec<(u32, usize)> = Vec::with_capacity(BLOCK);
    for task in from_task..dag.len() as u32 {
        let count = dag.successors(task).len();
        if count > 1 {
            block.push((task, first));
        }
        first += count;
        if block.len() == BLOCK {
            decide_block(dag, &block, &mut reached, redundant);
            block.clear();
        }
    }
    decide_block(dag, &block, &mut reached, redundant);
}

/// Passes one bit per source along the graph; `reached` holds those that lead to each task.
fn decide_block(dag: &Dag, block: &[(u32, usize)], reached: &mut [[u64; WORDS]], redundant: &mut [bool]) {
    let Some(&(start, _)) = block.first() else { return };
    let last =
        block.iter().filter_map(|&(task, _)| dag.successors(task).last()).max().copied().unwrap_or(start);
    reached[start as usize] = [0; WORDS];
    for task in start + 1..=last {
        // A source leads to the task around its own dependence if it leads to another of the task's predecessors.
        let (mut around, mut direct) = ([0u64; WORDS], [0u64; WORDS]);
        for &before in dag.predecessors(task).iter().filter(|&&before| before >= start) {
            for (word, more) in around.iter_mut().zip(&reached[before as usize]) {
                *word |= more;
            }
            if let Ok(bit) = block.binary_search_by_key(&before, |&(source, _)| source) {
                direct[bit / 64] |= 1 << (bit % 64);
            }
        }
        for word in 0..WORDS {
            let mut both = around[word] & direct[word];
            while both != 0 {
                let (source, first) = block[word * 64 + both.trailing_zeros() as usize];
                let successors = dag.successors(source);
                mark(successors, &mut redundant[first..first + successors.len()], task);
                both &= both - 1;
            }
            reached[task as usize][word] = around[word] | direct[word];
        }
    }
}
