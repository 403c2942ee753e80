use proptest::prelude::*;

use super::blocks::BLOCK;
use super::*;
use crate::Engine;

/// A way to decide: takes what it decides from the open dependences, and marks what is redundant.
type Decide = fn(&Dag, &mut Vec<Open>, &mut [bool]);

const ALL_DECIDED: [Decide; 3] = [by_search, decide_by_clocks, by_blocks];

fn by_search(dag: &Dag, open: &mut Vec<Open>, redundant: &mut [bool]) {
    let mut search = Search::new(dag, Levels::new(dag).0);
    open.retain(|&open| !search.decides(open, u64::MAX, redundant));
}

fn by_blocks(dag: &Dag, open: &mut Vec<Open>, redundant: &mut [bool]) {
    decide_in_blocks(dag, open, redundant);
    open.clear();
}

fn by_spine(dag: &Dag, open: &mut Vec<Open>, redundant: &mut [bool]) {
    decide_by_spine(dag, &Levels::new(dag).0, open, redundant);
}

/// What is redundant and how many dependences are not decided, of all or of those that levels leave open.
fn decided(dag: &Dag, decide: Decide, is_of_all: bool) -> (Vec<bool>, usize) {
    let mut open = Levels::new(dag).1;
    if is_of_all {
        let edges = |source| dag.successor_range(source).map(move |edge| Open { source, edge });
        open = (0..dag.len() as u32).flat_map(edges).collect();
    }
    let mut redundant = vec![false; dag.edge_count()];
    decide(dag, &mut open, &mut redundant);
    (redundant, open.len())
}

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
    let reduced = reduction(&dag);
    assert_eq!(reduced.edges().collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 3), (2, 3)]);
    assert_eq!(reduced.predecessors(3), [1, 2]);
    assert_eq!(reduction(&Dag::default()).edge_count(), 0);
}

#[test]
fn more_sources_than_one_block_holds() {
    let tasks = 3 * BLOCK as u32;
    let edges: Vec<_> =
        (1..tasks).flat_map(|task| [(task - 1, task), (task.saturating_sub(3), task)]).collect();
    let dag = graph(tasks as usize, &edges);
    for decide in ALL_DECIDED {
        let (redundant, open) = decided(&dag, decide, true);
        assert_eq!((redundant.iter().filter(|&&redundant| redundant).count(), open), (tasks as usize - 2, 0));
    }
}

#[test]
fn more_tasks_side_by_side_than_clocks_are_made_for() {
    let rows = |row: u32| (0..400).map(move |task| (400 * row + task, 400 * (row + 1) + task * 7 % 400));
    let skips = (0..400).map(|task| (task, 800 + task * 49 % 400));
    let dag = graph(1200, &rows(0).chain(rows(1)).chain(skips).collect::<Vec<_>>());
    assert_eq!(decided(&dag, decide_by_clocks, false), (vec![false; 1200], 400));
    assert_eq!(reduction(&dag).edges().collect::<Vec<_>>(), rows(0).chain(rows(1)).collect::<Vec<_>>());
}

/// Rows side by side, with dependences from anywhere before: searches are long, and most ways around come along the longest one.
#[test]
fn far_skips_across_rows() {
    let mut state = 1u32;
    let mut below = |limit: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(state) * u64::from(limit)) >> 32) as u32
    };
    let edges: Vec<_> = (40..20_000).flat_map(|task| [(task - 40, task), (below(task), task)]).collect();
    let dag = graph(20_000, &edges);
    let open = Levels::new(&dag).1;
    let all = SEARCHED_IF_ALL_ARE * dag.edge_count() as u64;
    assert!(Search::new(&dag, Levels::new(&dag).0).takes_more_than(all, &open));
    let (by_spine, left) = decided(&dag, by_spine, false);
    assert!((1..open.len() / 2).contains(&left));
    let (by_clocks, _) = decided(&dag, decide_by_clocks, false);
    assert!(by_spine.iter().zip(&by_clocks).all(|(some, all)| some <= all));
    assert_eq!(redundant(&dag), by_clocks);
    assert_eq!(decided(&dag, by_blocks, false).0, by_clocks);
}

/// A task before all of a chain and one behind all of it: nothing may look at its row once for each of them.
#[test]
fn rows_as_long_as_the_graph() {
    let last = 30_000u32;
    let fan = (1..last).flat_map(|task| [(0, task), (task, last)]);
    let chain = (2..last).map(|task| (task - 1, task));
    let dag = graph(last as usize + 1, &fan.chain(chain).collect::<Vec<_>>());
    let mut search = Search::new(&dag, Levels::new(&dag).0);
    let open = Open { source: 0, edge: last - 2 };
    assert!(!search.decides(open, 100, &mut vec![false; dag.edge_count()]));
    assert_eq!(search.steps, 100);
    assert_eq!(reduction(&dag).edge_count(), last as usize);
}

proptest! {
    #[test]
    fn same_reachability_and_nothing_to_leave_out(
        tasks in 1usize..14,
        edges in prop::collection::vec((0u32..14, 0u32..14), 0..60),
    ) {
        let dag = graph(tasks, &edges);
        let reduced = reduction(&dag);
        let leads = reachable(&dag);
        prop_assert_eq!(&reachable(&reduced), &leads);
        for (from, to) in reduced.edges() {
            let around = (0..tasks).any(|mid| leads[from as usize][mid] && leads[mid][to as usize]);
            prop_assert!(!around);
        }
        let before: Vec<_> = (0..tasks as u32)
            .flat_map(|to| reduced.predecessors(to).iter().map(move |&from| (from, to)))
            .collect();
        prop_assert_eq!(before.len(), reduced.edge_count());
        prop_assert!(before.iter().all(|(from, to)| reduced.successors(*from).contains(to)));
        let all = redundant(&dag);
        for decide in ALL_DECIDED {
            prop_assert_eq!(decided(&dag, decide, true), (all.clone(), 0));
            prop_assert_eq!(decided(&dag, decide, false), (all.clone(), 0));
        }
        let (by_spine, left) = decided(&dag, by_spine, true);
        prop_assert_eq!(by_spine.iter().filter(|&&redundant| redundant).count() + left, dag.edge_count());
        prop_assert!(by_spine.iter().zip(&all).all(|(some, all)| some <= all));
    }
}
