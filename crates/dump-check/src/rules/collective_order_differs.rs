//! Ranks of one group issue collectives in different orders.
//!
//! A collective ends on no rank before all have begun it. So the collectives that ranks share tie their graphs together, and a
//! circle in what must come before what, over all ranks, is a deadlock: *x* before *y* on one rank and *y* before *x* on
//! another is the shortest, but it can lead over any number of them.

use std::collections::{BTreeMap, VecDeque};

use acg_diagnostics::{Diagnostic, Rule};
use acg_stats::Blocks;
use acg_trace::{LaneId, TaskId, stem};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::collective::collectives;
use crate::rank::Group;
use crate::subject::Subject;

/// ACG386.
pub static RULE: Rule = Rule::silent(
    "ACG386",
    "collective-order-differs",
    "ranks of one group issue collectives in different orders, so that they wait for each other for ever",
);

/// Tells the circles among the ranks of `group` that issue the same collectives.
pub(crate) fn check(
    dumps: &[Subject<'_>],
    blocks: &[Blocks],
    group: &Group,
    diagnostics: &mut Vec<Diagnostic>,
) {
    // Ranks that issue others run another program; which of theirs belong together cannot be told.
    let mut programs: BTreeMap<BTreeMap<String, usize>, Vec<Issued>> = BTreeMap::new();
    for &(rank, index) in &group.ranks {
        let issued = Issued::of(&dumps[index], &blocks[index], rank, index);
        programs.entry(issued.counts()).or_default().push(issued);
    }
    let mut ranks: Vec<Vec<Issued>> = programs.into_values().filter(|ranks| ranks.len() > 1).collect();
    ranks.sort_by_key(|ranks| ranks.first().map(|first| first.rank));
    let mut found = Vec::new();
    for ranks in &ranks {
        for circle in Union::of(dumps, blocks, ranks).circles() {
            found.extend(diagnostic(dumps, group, &circle));
        }
    }
    super::push_first(diagnostics, found);
}

/// The collectives of one rank.
struct Issued {
    rank: u32,
    /// Which of the dumps is its.
    dump: usize,
    /// The collectives with their names without build hashes, in an order in which they can run.
    tasks: Vec<(TaskId, String, LaneId)>,
}

impl Issued {
    fn of(dump: &Subject<'_>, blocks: &Blocks, rank: u32, index: usize) -> Self {
        let mut turns = vec![0u32; blocks.len()];
        for (turn, block) in blocks.topological().into_iter().enumerate() {
            turns[block as usize] = turn as u32;
        }
        let mut tasks: Vec<(u32, u32, TaskId)> = Vec::new();
        in_blocks(dump, blocks, |block, task| {
            tasks.push((turns[block as usize], dump.trace.tasks[task].position, task));
        });
        tasks.sort_unstable();
        let named = tasks
            .into_iter()
            .map(|(_, _, task)| (task, stem(dump.trace.name(task)), dump.trace.tasks[task].lane));
        Self { rank, dump: index, tasks: named.collect() }
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (_, name, _) in &self.tasks {
            *counts.entry(name.clone()).or_default() += 1;
        }
        counts
    }
}

/// Goes through the collectives of a dump, block by block.
fn in_blocks(dump: &Subject<'_>, blocks: &Blocks, mut visit: impl FnMut(u32, TaskId)) {
    let mut block = 0;
    for task in collectives(dump.trace) {
        let data = &dump.trace.tasks[task];
        let position = dump.trace.lanes[data.lane].tasks.start + data.position;
        while blocks.range(block).end <= position {
            block += 1;
        }
        visit(block, task);
    }
}

/// What a node of the union is.
#[derive(Clone, Copy)]
enum Node {
    /// The beginning or end of a block of some rank.
    Passage,
    /// A collective, by its number.
    Collective(usize),
}

/// The graphs of several ranks, tied together where they issue the same collective.
struct Union {
    /// Every edge belongs to a rank, given by its place among the ranks.
    graph: DiGraph<Node, usize>,
    /// For each collective and each rank: the rank, its dump, and the task.
    collectives: Vec<Vec<(u32, usize, TaskId)>>,
}

/// One step of a circle: a rank that runs one collective before another.
struct Step {
    rank: u32,
    dump: usize,
    first: TaskId,
    second: TaskId,
}

impl Union {
    fn of(dumps: &[Subject<'_>], blocks: &[Blocks], ranks: &[Issued]) -> Self {
        let numbers = numbers(ranks);
        let count = ranks.first().map_or(0, |rank| rank.tasks.len());
        let mut union = Self { graph: DiGraph::new(), collectives: vec![Vec::new(); count] };
        let shared: Vec<NodeIndex> =
            (0..count).map(|number| union.graph.add_node(Node::Collective(number))).collect();
        for (place, (rank, own)) in ranks.iter().zip(&numbers).enumerate() {
            let blocks = &blocks[rank.dump];
            let ends: Vec<(NodeIndex, NodeIndex)> = (0..blocks.len())
                .map(|_| (union.graph.add_node(Node::Passage), union.graph.add_node(Node::Passage)))
                .collect();
            let mut last: Vec<NodeIndex> = ends.iter().map(|&(begin, _)| begin).collect();
            in_blocks(&dumps[rank.dump], blocks, |block, task| {
                let Some(&number) = own.get(&task) else { return };
                union.collectives[number].push((rank.rank, rank.dump, task));
                union.graph.add_edge(last[block as usize], shared[number], place);
                last[block as usize] = shared[number];
            });
            for (block, &(_, end)) in ends.iter().enumerate() {
                union.graph.add_edge(last[block], end, place);
                for &next in blocks.successors(block as u32) {
                    union.graph.add_edge(end, ends[next as usize].0, place);
                }
            }
        }
        union
    }

    /// A shortest circle of every set of collectives that wait for each other.
    fn circles(&self) -> Vec<Vec<Step>> {
        let mut sets: Vec<_> = kosaraju_scc(&self.graph).into_iter().filter(|set| set.len() > 1).collect();
        for set in &mut sets {
            set.sort_unstable();
        }
        sets.sort_unstable();
        sets.iter().filter_map(|set| self.circle(set)).collect()
    }

    /// A shortest circle through the first collective of a set of nodes.
    fn circle(&self, set: &[NodeIndex]) -> Option<Vec<Step>> {
        let place = |node: NodeIndex| set.binary_search(&node).ok();
        let start = *set.iter().find(|&&node| matches!(self.graph[node], Node::Collective(_)))?;
        // A way goes on with the rank it came by, or changes ranks where they meet.
        let mut came_by: Vec<Option<(NodeIndex, usize)>> = vec![None; set.len()];
        let mut pending = VecDeque::from([start]);
        'search: while let Some(node) = pending.pop_front() {
            let mut edges: Vec<_> =
                self.graph.edges(node).map(|edge| (edge.target(), *edge.weight())).collect();
            edges.sort_unstable();
            for (next, rank) in edges {
                let Some(at) = place(next).filter(|&at| came_by[at].is_none()) else { continue };
                came_by[at] = Some((node, rank));
                if next == start {
                    break 'search;
                }
                pending.push_back(next);
            }
        }
        // Backward from the start: each collective with the rank by which the way came to it.
        let mut stations: Vec<(usize, usize)> = Vec::new();
        let mut at = start;
        loop {
            let (before, rank) = came_by[place(at)?]?;
            if let Node::Collective(number) = self.graph[at] {
                stations.push((number, rank));
            }
            at = before;
            if at == start {
                break;
            }
        }
        stations.reverse();
        self.steps(&stations)
    }

    /// The steps between stations, with those of one rank in a row taken as one.
    fn steps(&self, stations: &[(usize, usize)]) -> Option<Vec<Step>> {
        let mut stations = stations.to_vec();
        // Begin where the rank changes.
        let change =
            (0..stations.len()).find(|&at| stations[at].1 != stations[(at + 1) % stations.len()].1)?;
        stations.rotate_left(change + 1);
        let mut steps: Vec<Step> = Vec::new();
        let mut from = stations.last()?.0;
        for (at, &(number, rank)) in stations.iter().enumerate() {
            if stations.get(at + 1).is_some_and(|&(_, next)| next == rank) {
                continue;
            }
            let of_rank = |number: usize| self.collectives[number].get(rank).copied();
            let (Some((name, dump, first)), Some((_, _, second))) = (of_rank(from), of_rank(number)) else {
                return None;
            };
            steps.push(Step { rank: name, dump, first, second });
            from = number;
        }
        let lowest = (0..steps.len()).min_by_key(|&at| steps[at].rank)?;
        steps.rotate_left(lowest);
        Some(steps)
    }
}

/// The number of each collective of each rank; the same collective has the same number on all.
///
/// All ranks issue the same names equally often. Where they do so lane by lane, the k-th of a lane is the k-th of that lane on the
/// others; otherwise the k-th to run is the k-th to run.
fn numbers(ranks: &[Issued]) -> Vec<BTreeMap<TaskId, usize>> {
    type Key<'r> = (&'r str, Option<LaneId>, usize);
    let by_lane = |rank: &Issued| {
        let mut counts: BTreeMap<(String, LaneId), usize> = BTreeMap::new();
        for (_, name, lane) in &rank.tasks {
            *counts.entry((name.clone(), *lane)).or_default() += 1;
        }
        counts
    };
    let first = ranks.first().map(by_lane);
    let is_alike = ranks.iter().all(|rank| Some(by_lane(rank)) == first);
    let mut numbers: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let number = |rank| {
        let rank: &Issued = rank;
        let mut counts: BTreeMap<(&str, Option<LaneId>), usize> = BTreeMap::new();
        rank.tasks
            .iter()
            .map(|(task, name, lane)| {
                let lane = is_alike.then_some(*lane);
                let count = counts.entry((name, lane)).or_default();
                let key = (name.as_str(), lane, *count);
                *count += 1;
                let next = numbers.len();
                (*task, *numbers.entry(key).or_insert(next))
            })
            .collect()
    };
    ranks.iter().map(number).collect()
}

fn diagnostic(dumps: &[Subject<'_>], group: &Group, circle: &[Step]) -> Option<Diagnostic> {
    let (first, others) = circle.split_first()?;
    let says = |step: &Step| {
        let dump = &dumps[step.dump];
        format!("rank {} runs {} before {}", step.rank, dump.describe(step.first), dump.describe(step.second))
    };
    let message = match others {
        [other] => format!("{}, {}", says(first), says(other)),
        _ => format!("{}, and {} other ranks lead back", says(first), others.len()),
    };
    let at = |step: &Step, task: TaskId| dumps[step.dump].span(task);
    let mut diagnostic = Diagnostic::new(&RULE, at(first, first.first), message)
        .label(format!("rank {}: first", first.rank))
        .related(at(first, first.second), format!("rank {}: then", first.rank));
    for step in others.iter().take(8) {
        diagnostic = diagnostic
            .related(at(step, step.first), format!("rank {}: first", step.rank))
            .related(at(step, step.second), format!("rank {}: then", step.rank));
    }
    Some(
        diagnostic
            .note("A collective ends on no rank before every rank has begun it, so each of these waits for another for ever.")
            .note(group.explanation(dumps))
            .help("issue the collectives of a group in one order on every rank"),
    )
}
