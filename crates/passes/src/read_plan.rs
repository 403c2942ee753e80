//! The plan that an explicit graph follows, so that another can be made of it.
//!
//! Records and waits of the graph's own events become the plan's syncs. A graph that does anything else than
//! compute, copy and order itself is no plan, because what it orders cannot be read off its buffers.

use crate::Subject;
use acg_ir::{Arena, Clocks, Event, Graph, GraphId, Module, Op, Place, Slate, Stream, Task};
use acg_schedule::{Dag, Plan, Sync};
use acg_target::DeviceModel;

use crate::fixed::NOT_STRAIGHT;
use crate::ground::Ground;
use crate::own_events::Mentions;
use crate::task_graph::TaskGraph;
use crate::unit::{Unit, units};

/// An explicit graph as a plan.
pub(crate) struct ReadPlan {
    /// Its units and their data dependences.
    pub(crate) tasks: TaskGraph,
    /// Streams, order and syncs between units.
    pub(crate) plan: Plan,
    /// The streams by the plan's numbers.
    pub(crate) streams: Vec<Stream>,
}

/// Reads the plan of `id`.
///
/// # Errors
///
/// Why the graph is none, as the end of a sentence that begins with "because".
pub(crate) fn read_plan(
    module: &Module,
    id: GraphId,
    model: &DeviceModel,
    ground: &mut Ground,
) -> Result<ReadPlan, &'static str> {
    let graph = &module.graphs[id];
    let syncs = syncs(graph, &mut ground.mentions)?;
    let tasks = TaskGraph::of(module, graph, model, &syncs, &mut ground.inference);
    let (plan, streams) = plan_of_units(graph, &syncs, &tasks.units, ground)?;
    Ok(ReadPlan { tasks, plan, streams })
}

/// Reads the plan of `id` alone, and the units that it is of: calls that the host makes at once, and then the others.
///
/// # Errors
///
/// As for [`read_plan`].
pub(crate) fn read_order(
    module: &Module,
    id: GraphId,
    ground: &mut Ground,
) -> Result<(Plan, [Vec<Unit>; 2]), &'static str> {
    let graph = &module.graphs[id];
    let syncs = syncs(graph, &mut ground.mentions)?;
    let [eager, units] = units(graph, &syncs);
    let (plan, _) = plan_of_units(graph, &syncs, &units, ground)?;
    Ok((plan, [eager, units]))
}

/// The plan that `units` follow, and the streams by its numbers; `syncs` are the graph's own records and waits.
fn plan_of_units(
    graph: &Graph,
    syncs: &Arena<Task, bool>,
    units: &[Unit],
    ground: &mut Ground,
) -> Result<(Plan, Vec<Stream>), &'static str> {
    let mut reader = Reader::new(ground);
    let mut unit_of: Arena<Task, u32> = Arena::filled(graph.tasks.len(), NONE);
    for (number, unit) in units.iter().enumerate() {
        let mut own = unit.tasks(graph).filter_map(|task| graph.tasks[task].stream);
        let stream = own.next().ok_or("a block of it has no stream")?;
        if own.any(|other| other != stream) {
            return Err("a block of it is on several streams");
        }
        let stream = reader.number(stream);
        reader.stream_of.push(stream);
        unit.tasks(graph).for_each(|task| unit_of[task] = number as u32);
    }
    for task in graph.program() {
        let data = &graph.tasks[task];
        let Some(stream) = data.stream else { continue };
        let stream = reader.number(stream);
        match data.op {
            Op::Record { event, .. } if syncs[task] => reader.record(event, stream),
            Op::Wait { event, .. } if syncs[task] => reader.wait(event, stream),
            _ => reader.task(unit_of[task], stream),
        }
    }
    let mut order: Vec<u32> = (0..units.len() as u32).collect();
    order.sort_unstable_by_key(|&unit| units[unit as usize].steps().start);
    let mut plan = Plan {
        order,
        stream_of: reader.stream_of,
        streams: reader.streams.len() as u32,
        syncs: reader.syncs,
    };
    plan.syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
    plan.syncs.dedup();
    Ok((plan, reader.streams))
}

impl ReadPlan {
    /// What is complete before what, and the place of each unit.
    pub(crate) fn clocks(&self) -> (Clocks, Vec<Option<Place>>) {
        let mut clocks = Clocks::new(self.plan.streams as usize);
        let mut places = vec![None; self.plan.stream_of.len()];
        for &unit in &self.plan.order {
            let stream = self.plan.stream_of[unit as usize];
            let first = self.plan.syncs.partition_point(|sync| sync.after < unit);
            for sync in self.plan.syncs[first..].iter().take_while(|sync| sync.after == unit) {
                if let Some(place) = places[sync.before as usize] {
                    clocks.join(stream, place);
                }
            }
            places[unit as usize] = Some(clocks.step(stream));
        }
        (clocks, places)
    }

    /// Whether streams and syncs order every two tasks of which one depends on the other; a program with a data race has others.
    pub(crate) fn keeps_dependences(&self) -> bool {
        let (clocks, places) = self.clocks();
        self.tasks.dag.edges().all(|(first, second)| {
            let (first, second) = (places[first as usize], places[second as usize]);
            first.zip(second).is_some_and(|(first, second)| clocks.before(first, second))
        })
    }
}

/// Lets `rewrite` make each graph with streams follow another plan.
pub(crate) fn each_explicit(
    module: &mut Subject<'_>,
    mut rewrite: impl FnMut(&mut Subject<'_>, GraphId, &mut Ground),
) {
    let mut ground = Ground::of(module);
    for id in module.graphs.keys() {
        if !module.graphs[id].is_auto() {
            rewrite(module, id, &mut ground);
        }
    }
    ground.finish(module);
}

/// An explicit graph as a scheduler sees it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Tasks with their durations and data dependences; a block that stays together is one of them.
    pub dag: Dag,
    /// On which streams they are, in which order, and the waits between them.
    pub plan: Plan,
    /// The first task of the graph that each of them stands for.
    pub first_tasks: Vec<Task>,
}

/// Reads the plans of the graphs of a module, one after the other.
pub struct PlanReader<'m> {
    module: &'m Module,
    ground: Ground,
}

impl<'m> PlanReader<'m> {
    /// A reader of the graphs of `module`.
    pub fn new(module: &'m Module) -> Self {
        Self { module, ground: Ground::of(module) }
    }

    /// The plan that an explicit graph follows, timed by `model`.
    ///
    /// # Errors
    ///
    /// Why the graph is no plan.
    pub fn plan_of(&mut self, id: GraphId, model: &DeviceModel) -> Result<Planned, &'static str> {
        let ReadPlan { tasks, plan, .. } = read_plan(self.module, id, model, &mut self.ground)?;
        let graph = &self.module.graphs[id];
        let first_tasks = tasks.units.iter().filter_map(|unit| unit.tasks(graph).next()).collect();
        Ok(Planned { dag: tasks.dag, plan, first_tasks })
    }
}

const NONE: u32 = u32::MAX;

/// Streams and events while the program is gone through.
struct Reader<'g> {
    /// Of each stream of the graph, its number here.
    numbers: &'g mut Slate<Stream, u32>,
    streams: Vec<Stream>,
    stream_of: Vec<u32>,
    /// Of each stream, the unit that it came to last.
    last: Vec<u32>,
    /// Of each stream, units of others that it has waited for since.
    pending: Vec<Vec<u32>>,
    /// What is complete when an event fires, as a part of `complete`: the last unit of its stream, and what that stream had waited for since.
    events: &'g mut Slate<Event, (usize, usize)>,
    complete: Vec<u32>,
    syncs: Vec<Sync>,
}

impl<'g> Reader<'g> {
    fn new(ground: &'g mut Ground) -> Self {
        ground.streams.wipe();
        ground.fired.wipe();
        Self {
            numbers: &mut ground.streams,
            streams: Vec::new(),
            stream_of: Vec::new(),
            last: Vec::new(),
            pending: Vec::new(),
            events: &mut ground.fired,
            complete: Vec::new(),
            syncs: Vec::new(),
        }
    }

    fn number(&mut self, stream: Stream) -> u32 {
        *self.numbers.or_set(stream, || {
            self.streams.push(stream);
            self.last.push(NONE);
            self.pending.push(Vec::new());
            self.streams.len() as u32 - 1
        })
    }

    fn record(&mut self, event: Event, stream: u32) {
        let start = self.complete.len();
        self.complete.extend_from_slice(&self.pending[stream as usize]);
        self.complete.extend(Some(self.last[stream as usize]).filter(|&last| last != NONE));
        self.events.set(event, (start, self.complete.len()));
    }

    fn wait(&mut self, event: Event, stream: u32) {
        let Some(&(start, end)) = self.events.at(event) else { return };
        let complete = &self.complete[start..end];
        let pending = &mut self.pending[stream as usize];
        pending.extend(complete.iter().filter(|&&unit| self.stream_of[unit as usize] != stream));
        // Streams that wait for each other without working in between would make lists of lists.
        pending.sort_unstable();
        pending.dedup();
    }

    fn task(&mut self, unit: u32, stream: u32) {
        if unit != self.last[stream as usize] {
            let waits = self.pending[stream as usize].drain(..);
            self.syncs.extend(waits.map(|before| Sync { before, after: unit }));
            self.last[stream as usize] = unit;
        }
    }
}

/// The records and waits that only order the graph itself.
fn syncs(graph: &Graph, mentions: &mut Mentions) -> Result<Arena<Task, bool>, &'static str> {
    if !graph.is_straight() {
        return Err(NOT_STRAIGHT);
    }
    let own = mentions.own_events(graph);
    let mut syncs = Arena::filled(graph.tasks.len(), false);
    for task in graph.program() {
        let data = &graph.tasks[task];
        match data.op {
            Op::Record { event, external: false } | Op::Wait { event, external: false } if own.has(event) => {
                syncs[task] = true;
            }
            Op::Copy
            | Op::Copy2d
            | Op::CopyBatch
            | Op::Fill(_)
            | Op::Reduce(_)
            | Op::Operator(_)
            | Op::Kernel(_) => {}
            op if !op.takes_stream() => {}
            _ => {
                return Err(
                    "it does more than its buffers show: events of others, notifies, values or host calls",
                );
            }
        }
    }
    Ok(syncs)
}
