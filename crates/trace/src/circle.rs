//! Circles of waits: lanes that wait for each other, so that none goes on.

use std::collections::VecDeque;

use acg_entity::Entity;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::links::Links;
use crate::model::{TaskId, Trace};

/// One circle for every set of tasks that wait for each other, each the shortest through the set's first record that is waited for.
pub(crate) fn find(trace: &Trace, links: &Links) -> Vec<Vec<TaskId>> {
    let mut tasks: Vec<TaskId> = links.schedule().to_vec();
    tasks.sort_unstable_by_key(|&task| (trace.tasks[task].lane, trace.tasks[task].position));
    let mut graph: DiGraph<TaskId, ()> = DiGraph::with_capacity(tasks.len(), tasks.len() * 2);
    let mut nodes = vec![None; trace.tasks.len()];
    for &task in &tasks {
        nodes[task.index()] = Some(graph.add_node(task));
    }
    for pair in tasks.windows(2) {
        if let [first, second] = *pair
            && trace.tasks[first].lane == trace.tasks[second].lane
            && let (Some(first), Some(second)) = (nodes[first.index()], nodes[second.index()])
        {
            graph.add_edge(first, second, ());
        }
    }
    for &wait in &tasks {
        if let Some(record) = links.record_of(wait)
            && let (Some(record), Some(wait)) = (nodes[record.index()], nodes[wait.index()])
        {
            graph.add_edge(record, wait, ());
        }
    }
    let mut sets: Vec<_> = kosaraju_scc(&graph).into_iter().filter(|set| set.len() > 1).collect();
    for set in &mut sets {
        set.sort_unstable_by_key(|&node| graph[node]);
    }
    sets.sort_unstable_by_key(|set| graph[set[0]]);
    let mut set_of = vec![u32::MAX; graph.node_count()];
    for (index, set) in sets.iter().enumerate() {
        for node in set {
            set_of[node.index()] = index as u32;
        }
    }
    sets.iter().filter_map(|set| shortest(&graph, &set_of, set, links)).collect()
}

/// The shortest circle through a set of nodes that begins at its first record with a wait in the set.
fn shortest(
    graph: &DiGraph<TaskId, ()>,
    set_of: &[u32],
    set: &[NodeIndex],
    links: &Links,
) -> Option<Vec<TaskId>> {
    let own = set_of[set[0].index()];
    let waited_for = |node: NodeIndex| {
        graph
            .neighbors(node)
            .any(|next| set_of[next.index()] == own && links.record_of(graph[next]) == Some(graph[node]))
    };
    let start = set.iter().copied().find(|&node| waited_for(node))?;
    // The nodes of a set have ascending numbers, so a place in the set is found by search.
    let mut sorted = set.to_vec();
    sorted.sort_unstable();
    let place = |node: NodeIndex| sorted.binary_search(&node).unwrap_or(0);
    let mut came_from: Vec<Option<NodeIndex>> = vec![None; set.len()];
    let mut pending = VecDeque::from([start]);
    while let Some(node) = pending.pop_front() {
        let mut next: Vec<_> = graph.neighbors(node).filter(|next| set_of[next.index()] == own).collect();
        next.sort_unstable();
        for next in next {
            if came_from[place(next)].is_none() {
                came_from[place(next)] = Some(node);
                pending.push_back(next);
            }
        }
        if came_from[place(start)].is_some() {
            break;
        }
    }
    let mut circle = Vec::new();
    let mut at = came_from[place(start)]?;
    while at != start {
        circle.push(graph[at]);
        at = came_from[place(at)]?;
    }
    circle.push(graph[start]);
    circle.reverse();
    Some(circle)
}
