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

use crate::contested::{self, Claim, Patch, Reaches};
use crate::graph::{Captured, Nodes};
use crate::race::{Detector, Race, Touching};
use crate::report::Report;
use crate::trace::{Touch, Trace};
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

/// Looks for races in one graph, whose nodes in `updated` stand for those calls; what `reaches` holds is of another graph, so that its room is used again.
pub(crate) fn check(
    trace: &Trace<'_, '_>,
    graph: &Captured,
    nodes: &Nodes,
    conditions: &FxHashMap<u32, CondId>,
    updated: &FxHashMap<u32, u32>,
    reaches: &mut Reaches<BufferId>,
    report: &mut Report,
) {
    if graph.is_loose || graph.lanes.len() < 2 {
        return;
    }
    let inside = Inside { trace, nodes, conditions, updated };
    let contested = Contested::of(graph, &inside, reaches);
    if contested.is_empty() {
        return;
    }
    let mut next = contested.iter(trace).peekable();
    let mut detector: Detector<'_, Patch> = Detector::new(graph.lanes.len());
    detector.reserve(contested.count());
    let mut places: Vec<Place> = Vec::with_capacity(graph.spots.len());
    let mut joins = graph.joins.iter().peekable();
    let (mut touching, mut races) = (Vec::new(), Vec::new());
    for (index, spot) in graph.spots.iter().enumerate() {
        while let Some(join) = joins.next_if(|join| join.wait as usize == index) {
            detector.wait(spot.lane, places[join.record as usize]);
        }
        touching.clear();
        while let Some((_, here)) = next.next_if(|(at, _)| *at as usize == index) {
            touching.push(here);
        }
        places.push(detector.task(spot.lane, &touching, &mut races));
        for race in races.drain(..) {
            let buffer = contested.patches.roots[race.root.index()];
            report.add_with(&RULE, Some(graph.model), || finding(&inside, graph, buffer, &race));
        }
        if detector.entries() > MOST_ENTRIES {
            return;
        }
    }
}

/// What of a graph can be raced for.
struct Contested<'t> {
    /// Touches in its order, each with its spot and its node.
    touches: Vec<(u32, u32, &'t Touch)>,
    /// Which of them can be raced for, and where.
    patches: contested::Patches<BufferId>,
}

impl<'t> Contested<'t> {
    fn of(graph: &Captured, inside: &Inside<'t, '_, '_>, reaches: &mut Reaches<BufferId>) -> Self {
        reaches.clear();
        let mut most = 0;
        inside.each_claim(graph, |claim, _, _, _| {
            reaches.add(&claim);
            most += 1;
        });
        // Room that is not written to costs nothing, room that grows is written twice.
        let (mut claims, mut touches) = (Vec::with_capacity(most), Vec::with_capacity(most));
        inside.each_claim(graph, |claim, spot, task, touch| {
            if reaches.is_contested(claim.root) {
                claims.push(claim);
                touches.push((spot, task, touch));
            }
        });
        Self { touches, patches: contested::patches(&claims) }
    }

    fn is_empty(&self) -> bool {
        self.patches.roots.is_empty()
    }

    /// How many of them can be raced for.
    fn count(&self) -> usize {
        self.patches.of_claims.iter().flatten().count()
    }

    /// Those that can be raced for, each with its spot.
    fn iter(&self, trace: &'t Trace<'_, '_>) -> impl Iterator<Item = (u32, Touching<'t, Patch>)> {
        let touches = self.patches.of_claims.iter().zip(&self.touches);
        touches.filter_map(|(&patch, &(spot, task, touch))| {
            let &Touch { start, end, writes, .. } = touch;
            Some((spot, Touching { task, root: patch?, start, end, strided: trace.strided(touch), writes }))
        })
    }
}

/// The tasks of a graph, and those of the branches that conditional tasks stand for.
struct Inside<'t, 'r, 'l> {
    trace: &'t Trace<'r, 'l>,
    nodes: &'t Nodes,
    conditions: &'t FxHashMap<u32, CondId>,
    /// The calls that nodes of updated task groups stand for.
    updated: &'t FxHashMap<u32, u32>,
}

impl<'t> Inside<'t, '_, '_> {
    /// What a graph touches, with the spot and the node that do.
    fn each_claim(&self, graph: &Captured, mut each: impl FnMut(Claim<BufferId>, u32, u32, &'t Touch)) {
        for (at, spot) in (0..).zip(&graph.spots) {
            self.each_touch(spot.node, |node, touch| {
                let &Touch { buffer: root, start, end, writes, .. } = touch;
                each(Claim { root, lane: spot.lane, start, end, writes }, at, node, touch);
            });
        }
    }

    /// The call that says what a node does.
    fn call(&self, node: u32) -> u32 {
        let captured = self.trace.nodes[node as usize].call;
        if self.updated.is_empty() { captured } else { self.updated.get(&node).copied().unwrap_or(captured) }
    }

    /// What a node touches, and what the branches of a conditional task touch in its place, each with its own node.
    fn each_touch(&self, node: u32, mut each: impl FnMut(u32, &'t Touch)) {
        let mut open = Vec::new();
        let mut next = Some((node, 0));
        while let Some((index, depth)) = next {
            let call = self.call(index);
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

fn finding(inside: &Inside<'_, '_, '_>, graph: &Captured, buffer: BufferId, race: &Race<Patch>) -> Finding {
    let trace = inside.trace;
    let (first_call, second_call) = (inside.call(race.first), inside.call(race.second));
    let (first, second) = (&trace.nodes[race.first as usize], &trace.nodes[race.second as usize]);
    let (second_does, first_does) = match race.conflict {
        Conflict::ReadAfterWrite => ("reads", "writes"),
        Conflict::WriteAfterRead => ("writes", "reads"),
        Conflict::WriteAfterWrite => ("writes", "writes"),
    };
    let name = trace.buffer_name(buffer);
    let range = |call, extent| bytes(extent, trace.is_exact(call, buffer, extent));
    let (first_name, second_name) = (trace.call_name(first_call), trace.call_name(second_call));
    let (from, to) = (
        trace.stream_name(graph.lanes[race.first_lane as usize]),
        trace.stream_name(graph.lanes[race.second_lane as usize]),
    );
    let message = format!(
        "{second_name} on {} {second_does} {name}{} while {first_name} on {} {first_does} {name}{}: nothing orders the two",
        trace.stream_name(second.stream),
        range(second_call, &race.second_bytes),
        trace.stream_name(first.stream),
        range(first_call, &race.first_bytes),
    );
    Finding::new(&RULE, second_call, message)
        .label(first_call, format!("{first_name} {first_does} {name} here, on {}", trace.stream_name(first.stream)))
        .note(format!("Each execution may run the two in either order or at once, whatever the order of the calls, so {name} may differ from run to run."))
        .help(format!("record an event on {from} after {first_name} and let {to} wait for it before {second_name}"))
}
