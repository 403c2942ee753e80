//! Hopcroft and Karp's matching of tasks with successors: the most dependences that can be consecutive on streams.

use super::NONE;
use crate::Dag;

/// Which successor follows each task, and which predecessor each task follows; as many as possible.
pub(super) struct Matching {
    pub(super) next: Vec<u32>,
    pub(super) previous: Vec<u32>,
}

impl Matching {
    pub(super) fn largest(dag: &Dag) -> Self {
        let tasks = dag.len();
        let mut matching = Self { next: vec![NONE; tasks], previous: vec![NONE; tasks] };
        matching.start(dag);
        let mut levels = vec![0; tasks];
        let mut arcs = vec![0; tasks];
        while matching.find_levels(dag, &mut levels) {
            arcs.fill(0);
            for task in 0..tasks as u32 {
                if matching.next[task as usize] == NONE {
                    matching.augment(dag, task, &mut levels, &mut arcs);
                }
            }
        }
        matching
    }

    /// Joins tasks with one successor to it and the others to whatever is left.
    fn start(&mut self, dag: &Dag) {
        for most in [1, usize::MAX] {
            for task in 0..dag.len() as u32 {
                let successors = dag.successors(task);
                if successors.len() <= most && self.next[task as usize] == NONE {
                    let free = successors.iter().find(|&&to| self.previous[to as usize] == NONE);
                    if let Some(&to) = free {
                        self.join(task, to);
                    }
                }
            }
        }
    }

    fn join(&mut self, from: u32, to: u32) {
        self.next[from as usize] = to;
        self.previous[to as usize] = from;
    }

    fn find_levels(&self, dag: &Dag, levels: &mut [u32]) -> bool {
        levels.fill(NONE);
        let mut queue: Vec<u32> =
            (0..dag.len() as u32).filter(|&task| self.next[task as usize] == NONE).collect();
        for &task in &queue {
            levels[task as usize] = 0;
        }
        let (mut at, mut found) = (0, false);
        while let Some(&task) = queue.get(at) {
            at += 1;
            for &to in dag.successors(task) {
                let holder = self.previous[to as usize];
                if holder == NONE {
                    found = true;
                } else if levels[holder as usize] == NONE {
                    levels[holder as usize] = levels[task as usize] + 1;
                    queue.push(holder);
                }
            }
        }
        found
    }

    /// Walks from `start` along rising levels to a task without predecessor, and joins along the way.
    fn augment(&mut self, dag: &Dag, start: u32, levels: &mut [u32], arcs: &mut [u32]) {
        let mut path = vec![start];
        while let Some(&task) = path.last() {
            let arc = arcs[task as usize];
            let Some(&to) = dag.successors(task).get(arc as usize) else {
                levels[task as usize] = NONE;
                path.pop();
                if let Some(&before) = path.last() {
                    arcs[before as usize] += 1;
                }
                continue;
            };
            let holder = self.previous[to as usize];
            if holder == NONE {
                for task in path {
                    self.join(task, dag.successors(task)[arcs[task as usize] as usize]);
                    arcs[task as usize] += 1;
                }
                return;
            }
            if levels[holder as usize] == levels[task as usize].wrapping_add(1) {
                path.push(holder);
            } else {
                arcs[task as usize] += 1;
            }
        }
    }

    /// Sources and targets that all dependences touch, as many as are joined: no matching is larger (König).
    pub(super) fn touched_by_all(&self, dag: &Dag) -> (Vec<u32>, Vec<u32>) {
        let mut levels = vec![0; dag.len()];
        self.find_levels(dag, &mut levels);
        let mut reached = vec![false; dag.len()];
        for task in (0..dag.len() as u32).filter(|&task| levels[task as usize] != NONE) {
            dag.successors(task).iter().for_each(|&to| reached[to as usize] = true);
        }
        let all = 0..dag.len() as u32;
        let sources = all.clone().filter(|&task| levels[task as usize] == NONE).collect();
        (sources, all.filter(|&task| reached[task as usize]).collect())
    }
}
