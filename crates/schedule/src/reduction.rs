//! Exact transitive reduction: the one smallest set of dependences with the same consequences.
//!
//! A dependence is redundant when another successor of its source leads to its target. Only dependences that skip a level of
//! the graph can be, so most need no search; the others are looked for forwards, never past their target's level and the
//! longest step first, which finds long ways around within a few steps. Where a graph defeats that, the rest is decided for
//! many sources at once by passing bit sets along the graph.
//!
//! **Invariant:** the result has the same reachability, and no dependence of it can be left out.

use crate::Dag;

/// Tasks looked at per dependence before searching is given up for bit sets.
const SEARCHED_PER_EDGE: u64 = 24;

/// The dependences of `dag` that no others imply, with the same tasks.
#[must_use]
pub fn reduction(dag: &Dag) -> Dag {
    let redundant = redundant(dag, SEARCHED_PER_EDGE * dag.edge_count() as u64 + 1024);
    let kept = dag.edges().zip(&redundant).filter(|&(_, &redundant)| !redundant);
    dag.with_edges(kept.map(|(edge, _)| edge))
}

/// For each dependence, in the order of [`Dag::edges`], whether others imply it.
fn redundant(dag: &Dag, most_steps: u64) -> Vec<bool> {
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

struct Search<'a> {
    dag: &'a Dag,
    /// The length of the longest way to each task.
    levels: Vec<u32>,
    /// The task from which each task was last seen, plus one.
    seen_from: Vec<u32>,
    /// The task of which each task was last an undecided successor, plus one.
    sought_from: Vec<u32>,
    stack: Vec<u32>,
    steps: u64,
}

impl<'a> Search<'a> {
    fn new(dag: &'a Dag) -> Self {
        let mut levels = vec![0u32; dag.len()];
        for task in 0..dag.len() as u32 {
            let before = dag.predecessors(task).iter().map(|&before| levels[before as usize] + 1);
            levels[task as usize] = before.max().unwrap_or(0);
        }
        let tasks = dag.len();
        Self {
            dag,
            levels,
            seen_from: vec![0; tasks],
            sought_from: vec![0; tasks],
            stack: Vec::new(),
            steps: 0,
        }
    }

    fn decide(&mut self, task: u32, redundant: &mut [bool]) {
        let successors = self.dag.successors(task);
        let (mut last, mut open) = (0, 0);
        for &to in successors {
            if successors.len() > 1 && self.may_be_redundant(task, to) {
                self.sought_from[to as usize] = task + 1;
                last = last.max(self.levels[to as usize]);
                open += 1;
            }
        }
        if open == 0 {
            return;
        }
        self.stack.clear();
        self.stack.extend(successors.iter().filter(|&&to| self.levels[to as usize] < last));
        while let Some(at) = self.stack.pop() {
            if self.seen_from[at as usize] == task + 1 {
                continue;
            }
            self.seen_from[at as usize] = task + 1;
            for &next in self.dag.successors(at) {
                self.steps += 1;
                if self.sought_from[next as usize] == task + 1 {
                    self.sought_from[next as usize] = 0;
                    mark(successors, redundant, next);
                    open -= 1;
                    if open == 0 {
                        return;
                    }
                }
                if self.levels[next as usize] < last && self.seen_from[next as usize] != task + 1 {
                    self.stack.push(next);
                }
            }
        }
    }

    fn may_be_redundant(&self, from: u32, to: u32) -> bool {
        self.levels[to as usize] > self.levels[from as usize] + 1 && self.dag.predecessors(to).len() > 1
    }
}

fn mark(successors: &[u32], redundant: &mut [bool], to: u32) {
    if let Ok(at) = successors.binary_search(&to) {
        redundant[at] = true;
    }
}

const WORDS: usize = 8;
const BLOCK: usize = WORDS * 64;

/// Decides the dependences of `from_task` and all tasks behind it, the first of which has number `first`.
fn decide_in_blocks(dag: &Dag, from_task: u32, mut first: usize, redundant: &mut [bool]) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        let by_blocks = redundant(&dag, 0);
        assert_eq!(by_blocks, redundant(&dag, u64::MAX));
        assert_eq!(by_blocks.iter().filter(|&&redundant| redundant).count(), tasks as usize - 2);
    }

    proptest! {
        #[test]
        fn same_reachability_and_nothing_to_leave_out(
            tasks in 1usize..14,
            edges in prop::collection::vec((0u32..14, 0u32..14), 0..60),
        ) {
            let dag = graph(tasks, &edges);
            let reduced = reduction(&dag);
            prop_assert_eq!(redundant(&dag, 0), redundant(&dag, u64::MAX));
            let leads = reachable(&dag);
            prop_assert_eq!(&reachable(&reduced), &leads);
            for (from, to) in reduced.edges() {
                let around = (0..tasks).any(|mid| leads[from as usize][mid] && leads[mid][to as usize]);
                prop_assert!(!around);
            }
        }
    }
}
