//! Cuts a graph where one task is comparable with every other.
//!
//! All work before such a cut is over when it runs, and streams are interchangeable, so that the shortest schedule is the
//! sum of the shortest schedules between cuts, with or without latency (algorithms, section 1.1, item 5). Deep networks
//! fall apart into short segments of few shapes; each shape is solved once.
//!
//! **Invariant:** a segment's graph has its cuts at both ends as tasks that take no time, where it has them.

use std::collections::HashMap;

use crate::Dag;

/// One part of a graph between neighbouring cuts.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The cut in front of it.
    pub entry: Option<u32>,
    /// The cut behind it.
    pub exit: Option<u32>,
    /// Its tasks, ascending, without the cuts.
    pub tasks: Vec<u32>,
    /// Which of [`Segments::shapes`] it has.
    pub shape: usize,
}

/// A graph in parts.
#[derive(Clone, Debug)]
pub struct Segments {
    /// Tasks comparable with every other one, ascending.
    pub cuts: Vec<u32>,
    /// The parts between them that have tasks, in order.
    pub parts: Vec<Segment>,
    /// The distinct graphs of parts: the entry where there is one, the tasks, the exit where there is one.
    pub shapes: Vec<Dag>,
}

/// The tasks of `dag` that are comparable with every other task, ascending.
pub fn cuts(dag: &Dag) -> Vec<u32> {
    // All below `task` lead to it if each has a successor up to it, and it leads to all above if each has a predecessor
    // from it on, because ids are topological.
    let tasks = dag.len();
    let mut reached_from = vec![u32::MAX; tasks + 1];
    for task in (0..tasks).rev() {
        let before = dag.predecessors(task as u32).last().copied();
        reached_from[task] = before.map_or(0, |before| before + 1).min(reached_from[task + 1]);
    }
    let mut leads_to = 0;
    let mut found = Vec::new();
    for task in 0..tasks as u32 {
        // `reached_from` is one more than the task, so that nothing before it is zero.
        if leads_to <= task && reached_from[task as usize + 1] > task {
            found.push(task);
        }
        leads_to = leads_to.max(dag.successors(task).first().copied().unwrap_or(u32::MAX));
    }
    found
}

impl Segments {
    /// The parts of `dag`.
    pub fn new(dag: &Dag) -> Self {
        let cuts = cuts(dag);
        let mut segments = Self { parts: Vec::new(), shapes: Vec::new(), cuts: Vec::new() };
        let mut known = HashMap::new();
        let bounds = cuts.iter().map(|&cut| Some(cut)).chain([None]);
        let mut entry = None;
        for exit in bounds {
            let first = entry.map_or(0, |cut: u32| cut + 1);
            let last = exit.unwrap_or(dag.len() as u32);
            if first < last {
                let shape = part(dag, entry, first..last, exit);
                let next = segments.shapes.len();
                let index = *known.entry(key(&shape)).or_insert(next);
                if index == next {
                    segments.shapes.push(shape);
                }
                segments.parts.push(Segment { entry, exit, tasks: (first..last).collect(), shape: index });
            }
            entry = exit;
        }
        segments.cuts = cuts;
        segments
    }
}

fn part(dag: &Dag, entry: Option<u32>, tasks: std::ops::Range<u32>, exit: Option<u32>) -> Dag {
    let first = entry.unwrap_or(tasks.start);
    let last = exit.map_or(tasks.end, |cut| cut + 1);
    let costs = (first..last).map(|task| if tasks.contains(&task) { dag.cost(task) } else { 0 }).collect();
    let engines = (first..last)
        .map(|task| if tasks.contains(&task) { dag.engine(task) } else { crate::Engine::Slot })
        .collect();
    // A dependence on a cut that another one implies says nothing, and would hide that few tasks follow the cut at once.
    let inside = move |from: u32| dag.successors(from).iter().copied().take_while(move |&to| to < last);
    let edges = (first..last).flat_map(move |from| {
        let only_exit = inside(from).next() == exit;
        inside(from).map(move |to| (from, to)).filter(move |&(from, to)| {
            let to_exit = Some(to) == exit && !only_exit;
            let from_entry = Some(from) == entry && dag.predecessors(to).last() != Some(&from);
            !to_exit && !from_entry
        })
    });
    let edges = edges.map(move |(from, to)| (from - first, to - first));
    Dag::new(costs, engines, edges)
}

fn key(shape: &Dag) -> Vec<u64> {
    let tasks = (0..shape.len() as u32).flat_map(|task| [shape.cost(task), shape.engine(task) as u64]);
    let edges = shape.edges().map(|(from, to)| u64::from(from) << 32 | u64::from(to));
    [shape.len() as u64].into_iter().chain(tasks).chain(edges).collect()
}
