//! Exact transitive reduction: the one smallest set of dependences with the same consequences.
//!
//! A dependence is redundant when another successor of its source leads to its target. Three orders of the tasks, their numbers and the
//! longest ways to and from them, say for nearly all dependences that nothing can be between. Ways around the others are searched for one by
//! one, which is short where dependences are. Where it is not, clocks tell, as long as few tasks stand side by side; and where a graph defeats
//! both, the rest is decided for many sources at once.
//!
//! **Invariant:** the result has the same reachability, and no dependence of it can be left out.

mod blocks;
mod clocks;
mod levels;
mod search;
mod spine;

use blocks::{blocks, decide_in_blocks};
use clocks::decide_by_clocks;
use levels::Levels;
use search::Search;
use spine::decide_by_spine;

use crate::Dag;

/// Steps of searches per dependence beyond which other ways are tried first.
const SEARCHED_IF_ALL_ARE: u64 = 2;
/// Steps of the search for one dependence before it is put off then.
const SEARCHED_AT_FIRST: u64 = 16;
/// Steps of searches per dependence before searching is given up, at least.
const SEARCHED_PER_EDGE: u64 = 24;
/// Steps of searches per dependence that take as long as one block does.
const SEARCHED_PER_BLOCK: u64 = 4;

/// A dependence that may be redundant.
#[derive(Clone, Copy, Debug)]
struct Open {
    source: u32,
    /// Its number in the order of [`Dag::edges`].
    edge: u32,
}

/// The dependences of `dag` that no others imply, with the same tasks.
#[must_use]
pub fn reduction(dag: &Dag) -> Dag {
    dag.without(&redundant(dag))
}

/// For each dependence, in the order of [`Dag::edges`], whether others imply it.
fn redundant(dag: &Dag) -> Vec<bool> {
    let (levels, mut open) = Levels::new(dag);
    let mut redundant = vec![false; dag.edge_count()];
    let mut search = Search::new(dag, levels);
    let edges = dag.edge_count() as u64;
    if search.takes_more_than(SEARCHED_IF_ALL_ARE * edges, &open) {
        decide_by_spine(dag, search.levels(), &mut open, &mut redundant);
        open.retain(|&open| !search.decides(open, SEARCHED_AT_FIRST, &mut redundant));
        if search.takes_more_than(SEARCHED_IF_ALL_ARE * edges, &open) {
            decide_by_clocks(dag, &mut open, &mut redundant);
        }
    }
    // No longer than blocks would take.
    let last = search.steps + (SEARCHED_PER_EDGE + SEARCHED_PER_BLOCK * blocks(&open)) * edges;
    open.retain(|&open| !search.decides(open, last.saturating_sub(search.steps), &mut redundant));
    decide_in_blocks(dag, &open, &mut redundant);
    redundant
}

fn mark(dag: &Dag, source: u32, target: u32, redundant: &mut [bool]) {
    if let Ok(at) = dag.successors(source).binary_search(&target) {
        redundant[dag.successor_range(source).start as usize + at] = true;
    }
}

#[cfg(test)]
mod tests;
