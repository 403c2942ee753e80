//! Writing a plan into a graph: streams, the order of lines, records and waits.
//!
//! A capture begins on the origin stream, every other stream joins it by a wait before its first task and comes back by a record after
//! its last one (capture-rules, sections 1 and 2). A stream whose first task waits for another anyway needs no fork, and one
//! whose last task is waited for no join. The origin is the stream to which that would have brought the most. Events are as few
//! as the order of records and waits allows.
//!
//! **Invariant:** steps come out in the order of the plan, which is a linear extension of its syncs, so no wait comes before its record.

use acg_ir::graph::SourceRange;
use acg_ir::{Event, Graph, GraphId, Module, Op, RareList, Scope, Step, Stream, TaskData};
use acg_schedule::{Plan, Sync};

use crate::ground::Ground;
use crate::own_events::each_event;
use crate::task_graph::TaskGraph;

/// Makes `id` an explicit graph that follows `plan`, whose tasks are the units of `tasks`.
///
/// The plan's streams are `streams` by number; where there are none, streams are declared. Events that only the graph used before are used
/// again, and what is left of them goes; how many that are is given. The device has `limit` events. What is declared or goes does so when `ground` is
/// [finished](Ground::finish).
pub(crate) fn realise(
    module: &mut Module,
    id: GraphId,
    tasks: &TaskGraph,
    plan: &Plan,
    streams: Option<&[Stream]>,
    limit: u32,
    ground: &mut Ground,
) -> usize {
    let mut used = used_alone(&module.graphs[id], ground);
    ground.mentions.remove(&module.graphs[id].body);
    let supply = ground.supply(module);
    let origin = streams.and_then(|streams| {
        let origin = streams.iter().position(|&stream| Some(stream) == module.graphs[id].origin);
        origin.map(|origin| origin as u32)
    });
    let shape = Shape::of(plan, origin, limit);
    let streams = match streams {
        Some(streams) => streams.to_vec(),
        None => shape.origin_first(supply.streams(module, plan.streams.max(1) as usize)),
    };
    let events = shape.events as usize;
    let saved = used.len().saturating_sub(events);
    for event in used.drain(used.len() - saved..) {
        supply.drop_event(module, event);
    }
    used.extend(supply.events(module, events - used.len()));
    let graph = &mut module.graphs[id];
    let old = std::mem::take(&mut graph.steps);
    graph.origin = streams.get(shape.origin as usize).copied().or(graph.origin);
    let mut writer = Writer { graph, old: &old, streams: &streams, events: &used };
    for unit in &tasks.eager {
        writer.put(unit.steps(), None);
        writer.steps(unit.steps());
    }
    writer.plan(plan, tasks, &shape);
    ground.mentions.add(&module.graphs[id].body);
    saved
}

/// The events that only `graph` uses, and only to order itself.
fn used_alone(graph: &Graph, ground: &mut Ground) -> Vec<Event> {
    let own = ground.mentions.own_events(graph);
    let mut used: Vec<Event> = Vec::new();
    graph.stored().for_each(|(_, data)| each_event(data.op, |event| used.push(event)));
    used.sort_unstable();
    used.dedup();
    used.retain(|&event| own.has(event));
    used
}

/// Where events are needed.
struct Shape {
    origin: u32,
    /// Streams that join the capture by the fork event.
    forked: Vec<u32>,
    /// Streams that come back at the end.
    joined: Vec<u32>,
    /// The event recorded after each task, `NONE` for none; the fork's is that of a task after the last.
    event_of: Vec<u32>,
    /// How many events there are.
    events: u32,
    streams: u32,
    last: Vec<u32>,
}

const NONE: u32 = u32::MAX;
/// With more syncs than this, events are reused as well as is quick, and not as often as can be.
const MOST_MATCHED: usize = 20_000;
/// One part in so many of the device's events is not too much for a graph of so many syncs.
const PART: u32 = 8;

impl Shape {
    /// Where `plan` needs events, with the given origin or the one that would need most events otherwise.
    fn of(plan: &Plan, origin: Option<u32>, limit: u32) -> Self {
        let tasks = plan.stream_of.len();
        let streams = plan.streams.max(1);
        let mut first = vec![NONE; streams as usize];
        let mut last = vec![NONE; streams as usize];
        for &task in &plan.order {
            let stream = plan.stream_of[task as usize] as usize;
            if first[stream] == NONE {
                first[stream] = task;
            }
            last[stream] = task;
        }
        let mut waits = vec![false; tasks];
        let mut recorded = vec![false; tasks];
        for sync in &plan.syncs {
            waits[sync.after as usize] = true;
            recorded[sync.before as usize] = true;
        }
        let forks = |stream: u32| first[stream as usize] != NONE && !waits[first[stream as usize] as usize];
        let joins = |stream: u32| last[stream as usize] != NONE && !recorded[last[stream as usize] as usize];
        let cheapest = (0..streams)
            .max_by_key(|&stream| {
                (u32::from(forks(stream)) + u32::from(joins(stream)), std::cmp::Reverse(stream))
            })
            .unwrap_or(0);
        let origin = origin.unwrap_or(cheapest);
        let others = || (0..streams).filter(|&stream| stream != origin);
        let forked: Vec<u32> = others().filter(|&stream| forks(stream)).collect();
        let joined: Vec<u32> = others().filter(|&stream| joins(stream)).collect();
        // The fork is after a task before all, the joins are before a task after all.
        let (begin, end) = (tasks as u32, tasks as u32 + 1);
        let forks = forked.iter().map(|&stream| Sync { before: begin, after: first[stream as usize] });
        let joins = joined.iter().map(|&stream| Sync { before: last[stream as usize], after: end });
        let mut whole = Plan {
            stream_of: plan.stream_of.iter().copied().chain([origin; 2]).collect(),
            streams,
            order: std::iter::once(begin).chain(plan.order.iter().copied()).chain([end]).collect(),
            syncs: plan.syncs.iter().copied().chain(forks).chain(joins).collect(),
        };
        // All but forks and joins are in order.
        whole.syncs.sort_by_key(|sync| (sync.after, sync.before));
        let enough = if whole.syncs.len() > MOST_MATCHED { limit / PART } else { 0 };
        let events = acg_schedule::colour_events(&whole, enough);
        let mut event_of = vec![NONE; tasks + 2];
        for (sync, &event) in whole.syncs.iter().zip(&events.event_of) {
            event_of[sync.before as usize] = event;
        }
        Self { origin, forked, joined, event_of, events: events.count, streams, last }
    }

    /// The module's stream for each of the plan's: the origin is the first.
    fn origin_first(&self, streams: &[Stream]) -> Vec<Stream> {
        let mut rest = streams[1..].iter();
        (0..self.streams)
            .map(
                |stream| if stream == self.origin { streams[0] } else { *rest.next().unwrap_or(&streams[0]) },
            )
            .collect()
    }
}

struct Writer<'a> {
    graph: &'a mut Graph,
    old: &'a [Step],
    streams: &'a [Stream],
    events: &'a [Event],
}

impl Writer<'_> {
    fn plan(&mut self, plan: &Plan, tasks: &TaskGraph, shape: &Shape) {
        let Some(&origin) = self.streams.get(shape.origin as usize) else { return };
        let records = shape.event_of.iter().filter(|&&event| event != NONE).count();
        let waits = plan.syncs.len() + shape.forked.len() + shape.joined.len();
        // There are no steps yet, so that they are to be given room for all at once.
        self.graph.steps.reserve(self.old.len() + records + waits);
        self.graph.reserve(records + waits);
        if !shape.forked.is_empty() {
            let fork = shape.event_of[plan.stream_of.len()];
            self.record(fork, origin);
            for &stream in &shape.forked {
                self.wait(fork, self.streams[stream as usize]);
            }
        }
        // Tasks are stored as the units are numbered, and far from each other in the order of issue.
        for (unit, &stream) in tasks.units.iter().zip(&plan.stream_of) {
            self.put(unit.steps(), Some(self.streams[stream as usize]));
        }
        let waits = plan.waits();
        for &task in &plan.order {
            let stream = self.streams[plan.stream_of[task as usize] as usize];
            for &before in waits.of(task) {
                self.wait(shape.event_of[before as usize], stream);
            }
            self.steps(tasks.units[task as usize].steps());
            if shape.event_of[task as usize] != NONE {
                self.record(shape.event_of[task as usize], stream);
            }
        }
        for &stream in &shape.joined {
            self.wait(shape.event_of[shape.last[stream as usize] as usize], origin);
        }
    }

    /// Puts the steps of a unit on `stream`, where there is one.
    fn put(&mut self, steps: std::ops::Range<usize>, stream: Option<Stream>) {
        for &step in &self.old[steps] {
            match step {
                Step::Task(task) => {
                    let data = &mut self.graph.tasks[task];
                    data.after = RareList::default();
                    data.stream = stream.filter(|_| data.op.takes_stream());
                }
                Step::Open(Scope::Group(group)) => self.graph.groups[group].stream = stream,
                Step::Open(_) | Step::Close => {}
            }
        }
    }

    fn steps(&mut self, steps: std::ops::Range<usize>) {
        self.graph.steps.extend_from_slice(&self.old[steps]);
    }

    fn record(&mut self, event: u32, stream: Stream) {
        let event = self.events[event as usize];
        self.push(Op::Record { event, external: false }, stream);
    }

    fn wait(&mut self, event: u32, stream: Stream) {
        let event = self.events[event as usize];
        self.push(Op::Wait { event, external: false }, stream);
    }

    fn push(&mut self, op: Op, stream: Stream) {
        self.graph.push(TaskData::new(op, Some(stream)), SourceRange::default());
    }
}
