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

use crate::contested::{self, Claim, Lanes, Patch, Patches};
use crate::graph::{Captured, Nodes};
use crate::ordered::{Ordered, Touched};
use crate::race::{Book, Detector, Race, Touching};
use crate::report::Report;
use crate::trace::Trace;
use crate::words::bytes;

/// ACG350.
pub static RULE: Rule = Rule::silent(
    "ACG350",
    "unordered-access",
    "two tasks of a graph touch the same bytes and nothing orders them",
);

/// Clock entries after which a graph is given up: more than 256 MB.
const MOST_ENTRIES: usize = 1 << 26;

/// From so many tasks on, what the detector keeps of each access takes longer than to ask whether it is needed.
const LARGE: usize = 1 << 18;

/// How many ranges a task touches at most, but for unusual ones.
const USUAL_TOUCHES: usize = 4;

/// How deep conditional tasks are looked into.
const MOST_DEPTH: usize = 16;

/// The branches of each conditional task, by its call.
pub(crate) fn conditions(trace: &Trace<'_, '_>) -> FxHashMap<u32, CondId> {
    trace.state.conds.iter().filter_map(|(id, cond)| Some((cond.used_by?, id))).collect()
}

/// What is empty before and after each graph, so that its room is used again.
#[derive(Default)]
pub(crate) struct Rooms {
    ordered: Ordered,
    lanes: Lanes<BufferId>,
}

/// Looks for races in one graph, whose nodes in `updated` stand for those calls.
pub(crate) fn check(
    trace: &Trace<'_, '_>,
    graph: &Captured<'_>,
    nodes: &Nodes,
    conditions: &FxHashMap<u32, CondId>,
    updated: &FxHashMap<u32, u32>,
    rooms: &mut Rooms,
    report: &mut Report,
) {
    if graph.is_loose || graph.lanes.len() < 2 {
        return;
    }
    let inside = Inside { trace, nodes, conditions, updated };
    // Where mistakes are looked for, the quick answer is always asked for, and the detector has to agree with it.
    let is_checked = cfg!(debug_assertions);
    let are_ordered = (is_checked || graph.nodes.len() >= LARGE)
        && rooms.ordered.are_all(
            graph,
            |node, each| {
                inside.each_touch(node, |_, touch| {
                    let touch = trace.touch(touch);
                    let (start, end) = trace.bounds(touch);
                    each(Touched { buffer: touch.buffer, start, end, writes: touch.writes() });
                });
            },
            |buffer| trace.is_rewritten(buffer),
        );
    if are_ordered && !is_checked {
        return;
    }
    let lanes = &mut rooms.lanes;
    let Some((contested, buffers)) = Contested::of(graph, &inside, lanes) else { return };
    let count = contested.accesses.len();
    let mut detector = Detector::with(graph.lanes.len(), contested);
    detector.reserve(count, buffers.len(), graph.joins.len());
    let mut joins = graph.joins.iter().peekable();
    let (mut next, mut touching, mut races) = (0, Vec::new(), Vec::new());
    for (index, &lane) in graph.spots.iter().enumerate() {
        while let Some(join) = joins.next_if(|join| join.wait as usize == index) {
            let record = detector.book().places[join.record as usize];
            detector.wait(lane, record);
        }
        touching.clear();
        let book = detector.book();
        while book.accesses.get(next).is_some_and(|access| access.spot as usize == index) {
            touching.push(book.touching(next as u32));
            next += 1;
        }
        // What touches nothing and is waited for by nobody need not have a place of its own.
        let place = if touching.is_empty() && !graph.is_waited_for(index) {
            detector.next(lane)
        } else {
            detector.task(lane, &touching, &mut races)
        };
        detector.book().stands_at(index, place);
        debug_assert!(races.is_empty() || !are_ordered, "accesses said to be ordered race: {races:?}");
        for race in races.drain(..) {
            let buffer = buffers[race.root.index()];
            report.add_with(&RULE, Some(graph.model), || finding(&inside, graph, buffer, &race));
        }
        if detector.entries() > MOST_ENTRIES {
            return;
        }
    }
}

/// An access that can be raced for.
#[derive(Clone, Copy)]
struct Access {
    spot: u32,
    /// The node, which may be in a branch that the spot's node stands for.
    node: u32,
    /// Its index among all touches.
    touch: u32,
    patch: Patch,
}

/// What of a graph can be raced for, and where its tasks stand as far as it has been gone through.
struct Contested<'t, 'r, 'l> {
    trace: &'t Trace<'r, 'l>,
    /// In its order.
    accesses: Vec<Access>,
    /// How many of them the detector has entered.
    entered: u32,
    /// By spot.
    places: Vec<Place>,
}

impl<'t, 'r, 'l> Contested<'t, 'r, 'l> {
    /// With the allocation of each patch; `None` if there is none.
    fn of(
        graph: &Captured<'_>,
        inside: &Inside<'t, 'r, 'l>,
        lanes: &mut Lanes<BufferId>,
    ) -> Option<(Self, Vec<BufferId>)> {
        let trace = inside.trace;
        // Room that is not written to costs nothing, room that grows is written twice.
        let most = graph.nodes.len().saturating_mul(USUAL_TOUCHES).min(trace.all_touches().len());
        let mut accesses = Vec::with_capacity(most);
        inside.each_access(graph, |access, lane| {
            let touch = trace.touch(access.touch);
            lanes.add(touch.buffer, lane, touch.writes());
            accesses.push(access);
        });
        if !lanes.are_contested() {
            lanes.clear();
            return None;
        }
        accesses.retain(|access| lanes.is_contested(trace.touch(access.touch).buffer));
        let claim = |index: u32| {
            let access = accesses[index as usize];
            let touch = trace.touch(access.touch);
            let (start, end) = trace.bounds(touch);
            let lane = graph.spots[access.spot as usize];
            Claim { root: touch.buffer, lane, start, end, writes: touch.writes() }
        };
        let Patches { of_claims, roots } = contested::patches(accesses.len(), claim, lanes);
        let mut patches = of_claims.into_iter();
        accesses.retain_mut(|access| {
            let patch = patches.next().flatten();
            access.patch = patch.unwrap_or(access.patch);
            patch.is_some()
        });
        let places = Vec::with_capacity(graph.spots.len());
        (!accesses.is_empty()).then_some((Self { trace, accesses, entered: 0, places }, roots))
    }

    /// Says where the task at a spot stands; the spots before it are known.
    fn stands_at(&mut self, spot: usize, place: Place) {
        if self.places.len() == spot {
            self.places.push(place);
        }
    }
}

impl<'t> Book<'t, Patch> for Contested<'t, '_, '_> {
    /// An index in `accesses`.
    type Entry = u32;

    fn enter(&mut self, _: &Touching<'t, Patch>, place: Place) -> u32 {
        let entry = self.entered;
        self.entered += 1;
        self.stands_at(self.accesses[entry as usize].spot as usize, place);
        entry
    }

    fn touching(&self, entry: u32) -> Touching<'t, Patch> {
        let Access { node: task, touch, patch: root, .. } = self.accesses[entry as usize];
        let touch = self.trace.touch(touch);
        let (start, end) = self.trace.bounds(touch);
        Touching { task, root, start, end, strided: self.trace.strided(touch), writes: touch.writes() }
    }

    fn place(&self, entry: u32) -> Place {
        self.places[self.accesses[entry as usize].spot as usize]
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

impl Inside<'_, '_, '_> {
    /// What a graph touches, with the lane that does.
    fn each_access(&self, graph: &Captured<'_>, mut each: impl FnMut(Access, u32)) {
        for (at, (&node, &lane)) in (0..).zip(graph.nodes.iter().zip(&graph.spots)) {
            self.each_touch(node, |node, touch| {
                each(Access { spot: at, node, touch, patch: Patch::at(0) }, lane);
            });
        }
    }

    /// The call that says what a node does.
    fn call(&self, node: u32) -> u32 {
        let captured = self.trace.nodes[node as usize].call;
        if self.updated.is_empty() { captured } else { self.updated.get(&node).copied().unwrap_or(captured) }
    }

    /// What a node touches, and what the branches of a conditional task touch in its place, each with its own node.
    fn each_touch(&self, node: u32, mut each: impl FnMut(u32, u32)) {
        let mut open = Vec::new();
        let mut next = Some((node, 0));
        while let Some((index, depth)) = next {
            let call = self.call(index);
            let touches = self.trace.touches_at(call).filter(|&touch| !self.trace.touch(touch).is_signal());
            touches.for_each(|touch| each(index, touch));
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

fn finding(
    inside: &Inside<'_, '_, '_>,
    graph: &Captured<'_>,
    buffer: BufferId,
    race: &Race<Patch>,
) -> Finding {
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
        trace.stream_name(trace.stream(second)),
        range(second_call, &race.second_bytes),
        trace.stream_name(trace.stream(first)),
        range(first_call, &race.first_bytes),
    );
    Finding::new(&RULE, second_call, message)
        .label(first_call, format!("{first_name} {first_does} {name} here, on {}", trace.stream_name(trace.stream(first))))
        .note(format!("Each execution may run the two in either order or at once, whatever the order of the calls, so {name} may differ from run to run."))
        .help(format!("record an event on {from} after {first_name} and let {to} wait for it before {second_name}"))
}
