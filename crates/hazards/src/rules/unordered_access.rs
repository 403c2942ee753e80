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
use acg_ir::{Conflict, Place};
use acg_runtime::Finding;
use acg_runtime::state::{BufferId, CondId};
use rustc_hash::FxHashMap;

use crate::contested::{self, Claim, Patch, Reaches};
use crate::graph::{Captured, Nodes};
use crate::race::{Detector, Race, Touching};
use crate::report::Report;
use crate::trace::{Node, Touch, Trace};
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

/// Looks for races in one graph; what `reaches` holds is of another graph, so that its room is used again.
pub(crate) fn check(
    trace: &Trace<'_, '_>,
    graph: &Captured,
    nodes: &Nodes,
    conditions: &FxHashMap<u32, CondId>,
    reaches: &mut Reaches<BufferId>,
    report: &mut Report,
) {
    if graph.is_loose || graph.lanes.len() < 2 {
        return;
    }
    let inside = Inside { trace, nodes, conditions };
    let Some(mut contested) = Contested::of(graph, &inside, reaches) else { return };
    let mut detector: Detector<'_, Patch<BufferId>> = Detector::new(graph.lanes.len());
    let mut places: Vec<Place> = Vec::with_capacity(graph.spots.len());
    let mut joins = graph.joins.iter().peekable();
    let (mut touching, mut races) = (Vec::new(), Vec::new());
    for (index, spot) in graph.spots.iter().enumerate() {
        while let Some(join) = joins.next_if(|join| join.wait as usize == index) {
            detector.wait(spot.lane, places[join.record as usize]);
        }
        touching.clear();
        inside.each_touch(spot.node, |task, touch| {
            if let Some(root) = contested.next(touch) {
                let &Touch { start, end, writes, .. } = touch;
                let strided = trace.strided(touch);
                touching.push(Touching { task, root, start, end, strided, writes });
            }
        });
        places.push(detector.task(spot.lane, &touching, &mut races));
        for race in races.drain(..) {
            report.add_with(&RULE, Some(graph.model), || finding(trace, graph, &race));
        }
        if detector.entries() > MOST_ENTRIES {
            return;
        }
    }
}

/// Where the touches of a graph can be raced for.
struct Contested<'a> {
    reaches: &'a Reaches<BufferId>,
    /// Of every touch of these allocations, in the order of the graph.
    patches: std::vec::IntoIter<Option<Patch<BufferId>>>,
}

impl<'a> Contested<'a> {
    /// `None` if no touch of `graph` can be.
    fn of(graph: &Captured, inside: &Inside<'_, '_, '_>, reaches: &'a mut Reaches<BufferId>) -> Option<Self> {
        let each_claim = |each: &mut dyn FnMut(Claim<BufferId>)| {
            for spot in &graph.spots {
                inside.each_touch(spot.node, |_, touch| {
                    let &Touch { buffer: root, start, end, writes, .. } = touch;
                    each(Claim { root, lane: spot.lane, start, end, writes });
                });
            }
        };
        reaches.clear();
        each_claim(&mut |claim| reaches.add(&claim));
        let reaches: &Reaches<BufferId> = reaches;
        let mut claims = Vec::new();
        each_claim(&mut |claim| claims.extend(reaches.is_contested(claim.root).then_some(claim)));
        let patches = contested::patches(&claims);
        patches.iter().any(Option::is_some).then(|| Self { reaches, patches: patches.into_iter() })
    }

    /// Where the next touch can be raced for, if it can.
    fn next(&mut self, touch: &Touch) -> Option<Patch<BufferId>> {
        if self.reaches.is_contested(touch.buffer) { self.patches.next().flatten() } else { None }
    }
}

/// The tasks of a graph, and those of the branches that conditional tasks stand for.
struct Inside<'t, 'r, 'l> {
    trace: &'t Trace<'r, 'l>,
    nodes: &'t Nodes,
    conditions: &'t FxHashMap<u32, CondId>,
}

impl Inside<'_, '_, '_> {
    /// What a node touches, and what the branches of a conditional task touch in its place, each with its own node.
    fn each_touch(&self, node: u32, mut each: impl FnMut(u32, &Touch)) {
        let mut open = Vec::new();
        let mut next = Some((node, 0));
        while let Some((index, depth)) = next {
            let call = self.trace.nodes[index as usize].call;
            let touches = self.trace.touches(call).iter();
            touches.filter(|touch| !touch.is_signal).for_each(|touch| each(index, touch));
            if depth < MOST_DEPTH
                && let Some(&cond) = self.conditions.get(&call)
            {
                for &branch in self.trace.state.conds[cond].branches.iter().rev() {
                    let inner = self.nodes[branch].iter().rev();
                    open.extend(inner.map(|&inner| (inner, depth + 1)));
                }
            }
            next = open.pop();
        }
    }
}

fn finding(trace: &Trace<'_, '_>, graph: &Captured, race: &Race<Patch<BufferId>>) -> Finding {
    let (first, second) = (&trace.nodes[race.first as usize], &trace.nodes[race.second as usize]);
    let (second_does, first_does) = match race.conflict {
        Conflict::ReadAfterWrite => ("reads", "writes"),
        Conflict::WriteAfterRead => ("writes", "reads"),
        Conflict::WriteAfterWrite => ("writes", "writes"),
    };
    let name = trace.buffer_name(race.root.root);
    let range = |node: &Node, extent| bytes(extent, trace.is_exact(node.call, race.root.root, extent));
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
