//! Two tasks of one graph touch the same bytes, one of them writes, and nothing orders them.
//!
//! **Fires** where a task writes bytes that a task on another stream of the graph reads or writes, no chain of stream order and
//! captured waits leads from the earlier one in the program to the later one, and the capture ended well.
//!
//! **Sound because** streams and captured events form one fixed partial order, which vector clocks decide exactly; accesses are
//! bytes that the calls certainly touch. Waits for notifies, values and EXTERNAL events count as waits for everything
//! that was recorded before; a graph in which one may pair with something later is left alone. Each finding is one missing
//! edge: races that the same edge would mend are not repeated.

use acg_diagnostics::Rule;
use acg_entity::Entity;
use acg_ir::{Conflict, Place};
use acg_runtime::Finding;
use acg_runtime::state::{BufferId, CondId};
use rustc_hash::FxHashMap;

use crate::graph::Captured;
use crate::race::{Detector, Race, Touching};
use crate::report::Report;
use crate::trace::{Node, Trace};
use crate::words::bytes;

/// ACG350.
pub static RULE: Rule = Rule::silent(
    "ACG350",
    "unordered-access",
    "two tasks of a graph touch the same bytes and nothing orders them",
);

/// Clock entries after which a graph is given up: more than 256 MB.
const MOST_ENTRIES: usize = 1 << 26;

/// How deep conditional tasks are looked into.
const MOST_DEPTH: usize = 16;

/// The branches of each conditional task, by its call.
pub(crate) fn conditions(trace: &Trace<'_, '_>) -> FxHashMap<u32, CondId> {
    trace.state.conds.iter().filter_map(|(id, cond)| Some((cond.used_by?, id))).collect()
}

/// Looks for races in one graph.
pub(crate) fn check(
    trace: &Trace<'_, '_>,
    graph: &Captured,
    nodes: &[Vec<u32>],
    conditions: &FxHashMap<u32, CondId>,
    report: &mut Report,
) {
    if graph.is_loose || graph.lanes.len() < 2 {
        return;
    }
    let mut detector: Detector<BufferId> = Detector::new(graph.lanes.len());
    let mut places: Vec<Place> = Vec::with_capacity(graph.spots.len());
    let mut joins = graph.joins.iter().peekable();
    let (mut touching, mut races) = (Vec::new(), Vec::new());
    for (index, spot) in graph.spots.iter().enumerate() {
        while let Some(join) = joins.next_if(|join| join.wait as usize == index) {
            detector.wait(spot.lane, places[join.record as usize]);
        }
        touching.clear();
        collect(trace, nodes, conditions, spot.node, &mut touching);
        places.push(detector.task(spot.lane, &touching, &mut races));
        for race in races.drain(..) {
            if report.wants(&RULE, Some(graph.model)) {
                report.push(finding(trace, graph, &race));
            }
        }
        if detector.entries() > MOST_ENTRIES {
            return;
        }
    }
}

/// What a node touches, and what the branches of a conditional task touch in its place.
fn collect(
    trace: &Trace<'_, '_>,
    nodes: &[Vec<u32>],
    conditions: &FxHashMap<u32, CondId>,
    node: u32,
    touching: &mut Vec<Touching<BufferId>>,
) {
    let mut open = vec![(node, 0)];
    while let Some((index, depth)) = open.pop() {
        let node = &trace.nodes[index as usize];
        for touch in trace.touches(node.call).iter().filter(|touch| !touch.is_signal) {
            let (root, writes) = (touch.buffer, touch.writes);
            touching.push(Touching { task: index, root, extent: trace.extent(touch), writes });
        }
        let branches = conditions.get(&node.call).map(|&cond| &trace.state.conds[cond].branches);
        if depth < MOST_DEPTH
            && let Some(branches) = branches
        {
            for branch in branches.iter().rev() {
                open.extend(nodes[branch.index()].iter().rev().map(|&inner| (inner, depth + 1)));
            }
        }
    }
}

fn finding(trace: &Trace<'_, '_>, graph: &Captured, race: &Race<BufferId>) -> Finding {
    let (first, second) = (&trace.nodes[race.first as usize], &trace.nodes[race.second as usize]);
    let (second_does, first_does) = match race.conflict {
        Conflict::ReadAfterWrite => ("reads", "writes"),
        Conflict::WriteAfterRead => ("writes", "reads"),
        Conflict::WriteAfterWrite => ("writes", "writes"),
    };
    let name = trace.buffer_name(race.root);
    let range = |node: &Node, extent| bytes(extent, trace.is_exact(node.call, race.root, extent));
    let (first_name, second_name) = (trace.call_name(first.call), trace.call_name(second.call));
    let (from, to) = (
        trace.stream_name(graph.lanes[race.first_lane as usize]),
        trace.stream_name(graph.lanes[race.second_lane as usize]),
    );
    let message = format!(
        "{second_name} on {} {second_does} {name}{} while {first_name} on {} {first_does} {name}{}: nothing orders the two",
        trace.stream_name(second.stream),
        range(second, &race.second_bytes),
        trace.stream_name(first.stream),
        range(first, &race.first_bytes),
    );
    Finding::new(&RULE, second.call, message)
        .label(first.call, format!("{first_name} {first_does} {name} here, on {}", trace.stream_name(first.stream)))
        .note(format!("Each execution may run the two in either order or at once, whatever the order of the calls, so {name} may differ from run to run."))
        .help(format!("record an event on {from} after {first_name} and let {to} wait for it before {second_name}"))
}
