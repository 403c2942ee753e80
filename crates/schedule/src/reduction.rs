//! Exact transitive reduction: the one smallest set of dependences with the same consequences.
//!
//! A dependence is redundant when another successor of its source leads to its target. Where few tasks stand side by side, clocks tell, in
//! time that grows with dependences times chains. Elsewhere ways around are searched for one by one; and where a graph defeats that, the
//! rest is decided for many sources at once.
//!
//! **Invariant:** the result has the same reachability, and no dependence of it can be left out.

mod blocks;
mod chains;
mod search;

use blocks::decide_in_blocks;
use chains::by_clocks;
use search::Search;

use crate::Dag;

/// Tasks looked at per dependence before searching is given up, at least.
const SEARCHED_PER_EDGE: u64 = 24;
/// Sets of bits look at every dependence once for so many tasks, at a few times the cost.
const TASKS_PER_LOOK: u64 = 128;

/// The dependences of `dag` that no others imply, with the same tasks.
#[must_use]
pub fn reduction(dag: &Dag) -> Dag {
    // No longer than sets of bits would take.
    let looks = SEARCHED_PER_EDGE + dag.len() as u64 / TASKS_PER_LOOK;
    let searched = || by_search(dag, looks * dag.edge_count() as u64 + 1024);
    let redundant = by_clocks(dag).unwrap_or_else(searched);
    let kept = dag.edges().zip(&redundant).filter(|&(_, &redundant)| !redundant);
    dag.with_edges(kept.map(|(edge, _)| edge))
}

/// For each dependence, in the order of [`Dag::edges`], whether others imply it.
fn by_search(dag: &Dag, most_steps: u64) -> Vec<bool> {
    let mut search = Search::new(dag);
    let mut redundant = vec![false; dag.edge_count()];
    let mut first = 0;
    for task in 0..dag.len() as u32 {
        if search.steps > most_steps {
            decide_in_blocks(dag, task, first, &mut redundant);
            break;
        }
        let row = first..first + dag.successors(task).len();
        search.decide(task, &mut redundant[row.clone()]);
        first = row.end;
    }
    redundant
}

fn mark(successors: &[u32], redundant: &mut [bool], to: u32) {
    if let Ok(at) = successors.binary_search(&to) {
        redundant[at] = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::blocks::BLOCK;
    use super::*;
    use crate::Engine;

    fn graph(tasks: usize, edges: &[(u32, u32)]) -> Dag {
        Dag::new(vec![1; tasks], vec![Engine::Slot; tasks], edges.iter().copied())
    }

    fn reachable(dag: &Dag) -> Vec<Vec<bool>> {
        let mut leads = vec![vec![false; dag.len()]; dag.len()];
        for from in (0..dag.len()).rev() {
            for &next in dag.successors(from as u32) {
                leads[from][next as usize] = true;
                let further = leads[next as usize].clone();
                leads[from].iter_mut().zip(further).for_each(|(leads, further)| *leads |= further);
            }
        }
        leads
    }

    #[test]
    fn a_skip_goes_and_a_diamond_stays() {
        let dag = graph(4, &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]);
        assert_eq!(reduction(&dag).edges().collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 3), (2, 3)]);
        assert_eq!(reduction(&Dag::default()).edge_count(), 0);
    }

    #[test]
    fn more_sources_than_one_block_holds() {
        let tasks = 3 * BLOCK as u32;
        let edges: Vec<_> =
            (1..tasks).flat_map(|task| [(task - 1, task), (task.saturating_sub(3), task)]).collect();
        let dag = graph(tasks as usize, &edges);
        let by_blocks = by_search(&dag, 0);
        assert_eq!(by_blocks, by_search(&dag, u64::MAX));
        assert_eq!(Some(&by_blocks), by_clocks(&dag).as_ref());
        assert_eq!(by_blocks.iter().filter(|&&redundant| redundant).count(), tasks as usize - 2);
    }

    #[test]
    fn more_tasks_side_by_side_than_clocks_are_made_for() {
        let rows = |row: u32| (0..400).map(move |task| (400 * row + task, 400 * (row + 1) + task * 7 % 400));
        let skips = (0..400).map(|task| (task, 800 + task * 49 % 400));
        let dag = graph(1200, &rows(0).chain(rows(1)).chain(skips).collect::<Vec<_>>());
        assert_eq!(by_clocks(&dag), None);
        assert_eq!(reduction(&dag).edges().collect::<Vec<_>>(), rows(0).chain(rows(1)).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn same_reachability_and_nothing_to_leave_out(
            tasks in 1usize..14,
            edges in prop::collection::vec((0u32..14, 0u32..14), 0..60),
        ) {
            let dag = graph(tasks, &edges);
            let reduced = reduction(&dag);
            prop_assert_eq!(by_search(&dag, 0), by_search(&dag, u64::MAX));
            prop_assert_eq!(by_clocks(&dag), Some(by_search(&dag, u64::MAX)));
            let leads = reachable(&dag);
            prop_assert_eq!(&reachable(&reduced), &leads);
            for (from, to) in reduced.edges() {
                let around = (0..tasks).any(|mid| leads[from as usize][mid] && leads[mid][to as usize]);
                prop_assert!(!around);
            }
        }
    }
}
