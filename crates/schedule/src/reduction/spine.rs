//! Decides by one longest way through the graph.
//!
//! Where dependences skip large parts of a graph, ways around them are many and long, and some of them come along this one: a dependence is
//! redundant where its source leads to a task of it that comes no later than one that leads to its target. Nothing else is told.

use super::Open;
use super::levels::Levels;
use crate::Dag;

/// Takes from `open` what is redundant by the longest way, and marks it.
pub(super) fn decide_by_spine(dag: &Dag, levels: &Levels, open: &mut Vec<Open>, redundant: &mut [bool]) {
    let spine = Spine::new(dag, levels.longest_way(dag));
    open.retain(|open| {
        let leads_around = spine.leads_around(open.source, dag.target(open.edge));
        redundant[open.edge as usize] |= leads_around;
        !leads_around
    });
}

struct Spine {
    tasks: Vec<u32>,
    /// Of each task, the first of the spine that it is or leads to; past the end where there is none.
    first: Vec<u32>,
    /// Of each task, how many of the spine it is or comes after.
    passed: Vec<u32>,
}

impl Spine {
    fn new(dag: &Dag, tasks: Vec<u32>) -> Self {
        let mut passed = vec![0; dag.len()];
        let mut on = 0;
        for task in 0..dag.len() as u32 {
            if tasks.get(on) == Some(&task) {
                on += 1;
                passed[task as usize] = on as u32;
            } else {
                let before = dag.predecessors(task).iter().map(|&before| passed[before as usize]);
                passed[task as usize] = before.max().unwrap_or(0);
            }
        }
        let mut first = vec![tasks.len() as u32; dag.len()];
        for task in (0..dag.len() as u32).rev() {
            if on > 0 && tasks[on - 1] == task {
                on -= 1;
                first[task as usize] = on as u32;
            } else {
                let behind = dag.successors(task).iter().map(|&behind| first[behind as usize]);
                first[task as usize] = behind.min().unwrap_or(tasks.len() as u32);
            }
        }
        Self { tasks, first, passed }
    }

    /// Whether a way around the dependence between two tasks comes along here.
    fn leads_around(&self, source: u32, target: u32) -> bool {
        let (first, passed) = (self.first[source as usize], self.passed[target as usize]);
        // The first task behind the source, and how many there are before the target.
        let first = first + u32::from(self.tasks.get(first as usize) == Some(&source));
        let passed = passed - u32::from(passed > 0 && self.tasks.get(passed as usize - 1) == Some(&target));
        first < passed
    }
}
