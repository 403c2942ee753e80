//! The plan that an explicit graph follows, so that another can be made of it.
//!
//! Records and waits of the graph's own events become the plan's syncs. A graph that does anything else than
//! compute, copy and order itself is no plan, because what it orders cannot be read off its buffers.

use crate::Subject;
use acg_ir::{Arena, Clocks, Event, Graph, GraphId, Module, Op, Place, Slate, Step, Stream, Task};
use acg_schedule::{Dag, Plan, Sync};
use acg_target::DeviceModel;

use crate::fixed::NOT_STRAIGHT;
use crate::ground::Ground;
use crate::own_events::Mentions;
use crate::task_graph::TaskGraph;
use crate::unit::{Kind, Unit, units};

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
    let lines = lines(graph, &mut ground.mentions)?;
    let is_sync = |task| lines[task].kind() == Kind::LeftOut;
    let tasks = TaskGraph::of(module, graph, model, is_sync, &mut ground.inference);
    let (plan, streams) = plan_of_units(graph, &lines, &tasks.units, ground)?;
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
    let lines = lines(graph, &mut ground.mentions)?;
    let [eager, units] = units(graph, |task| lines[task].kind());
    let (plan, _) = plan_of_units(graph, &lines, &units, ground)?;
    Ok((plan, [eager, units]))
}

/// The plan that `units` follow, and the streams by its numbers.
fn plan_of_units(
    graph: &Graph,
    lines: &Arena<Task, Line>,
    units: &[Unit],
    ground: &mut Ground,
) -> Result<(Plan, Vec<Stream>), &'static str> {
    let mut order: Vec<u32> = (0..units.len() as u32).collect();
    order.sort_unstable_by_key(|&unit| units[unit as usize].steps().start);
    let mut rest = order.iter().map(|&unit| (unit, units[unit as usize].steps())).peekable();
    let mut reader = Reader::new(ground, units.len());
    for (at, step) in graph.steps.iter().enumerate() {
        let Step::Task(task) = *step else { continue };
        while rest.next_if(|(_, steps)| steps.end <= at).is_some() {}
        let Line { does, stream } = lines[task];
        let Some(stream) = stream else { continue };
        let stream = reader.number(stream);
        match (does, rest.peek()) {
            (Does::Record(event), _) => reader.record(event, stream),
            (Does::Wait(event), _) => reader.wait(event, stream),
            (_, Some((unit, steps))) if steps.contains(&at) => reader.task(*unit, stream)?,
            _ => {}
        }
    }
    reader.number_by_unit()?;
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
    /// Of each unit, the stream of its tasks so far.
    stream_of: Vec<u32>,
    /// Of each stream, the unit that it came to last.
    last: Vec<u32>,
    /// Of each stream, units of others that it has waited for since.
    pending: Vec<Vec<u32>>,
    /// What is complete when an event fires, as a part of `complete`: the last unit of its stream, and what that stream had waited for since.
    events: &'g mut Slate<Event, (u32, u32)>,
    complete: Vec<u32>,
    syncs: Vec<Sync>,
}

impl<'g> Reader<'g> {
    fn new(ground: &'g mut Ground, units: usize) -> Self {
        ground.streams.wipe();
        ground.fired.wipe();
        Self {
            numbers: &mut ground.streams,
            streams: Vec::new(),
            stream_of: vec![NONE; units],
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
        let start = self.complete.len() as u32;
        self.complete.extend_from_slice(&self.pending[stream as usize]);
        self.complete.extend(Some(self.last[stream as usize]).filter(|&last| last != NONE));
        self.events.set(event, (start, self.complete.len() as u32));
    }

    fn wait(&mut self, event: Event, stream: u32) {
        let Some(&(start, end)) = self.events.at(event) else { return };
        let complete = &self.complete[start as usize..end as usize];
        let pending = &mut self.pending[stream as usize];
        pending.extend(complete.iter().filter(|&&unit| self.stream_of[unit as usize] != stream));
        // Streams that wait for each other without working in between would make lists of lists.
        pending.sort_unstable();
        pending.dedup();
    }

    fn task(&mut self, unit: u32, stream: u32) -> Result<(), &'static str> {
        if unit != self.last[stream as usize] {
            let known = &mut self.stream_of[unit as usize];
            if *known != NONE && *known != stream {
                return Err("a block of it is on several streams");
            }
            *known = stream;
            let waits = self.pending[stream as usize].drain(..);
            self.syncs.extend(waits.map(|before| Sync { before, after: unit }));
            self.last[stream as usize] = unit;
        }
        Ok(())
    }

    /// Numbers streams in the order of the first units on them; those without units come last.
    fn number_by_unit(&mut self) -> Result<(), &'static str> {
        let mut numbers = vec![NONE; self.streams.len()];
        let mut streams = Vec::with_capacity(self.streams.len());
        let mut number = |stream: u32| {
            let number = &mut numbers[stream as usize];
            if *number == NONE {
                *number = streams.len() as u32;
                streams.push(self.streams[stream as usize]);
            }
            *number
        };
        for stream in &mut self.stream_of {
            if *stream == NONE {
                return Err("a block of it has no stream");
            }
            *stream = number(*stream);
        }
        (0..self.streams.len() as u32).for_each(|stream| _ = number(stream));
        self.streams = streams;
        Ok(())
    }
}

/// What a task is to a plan.
#[derive(Clone, Copy)]
enum Does {
    /// Orders the graph itself.
    Record(Event),
    Wait(Event),
    /// What a plan is of.
    Work,
    /// A call that the host makes at once.
    Call,
}

/// What is asked of a task again and again, side by side.
#[derive(Clone, Copy)]
struct Line {
    does: Does,
    stream: Option<Stream>,
}

impl Line {
    fn kind(self) -> Kind {
        match self.does {
            Does::Record(_) | Does::Wait(_) => Kind::LeftOut,
            Does::Work => Kind::OnStream,
            Does::Call => Kind::Eager,
        }
    }
}

/// What the tasks of a graph do that has nothing else in it than plans have.
fn lines(graph: &Graph, mentions: &mut Mentions) -> Result<Arena<Task, Line>, &'static str> {
    if !graph.is_straight() {
        return Err(NOT_STRAIGHT);
    }
    let mut events = mentions.count();
    let mut lines = Arena::filled(graph.tasks.len(), Line { does: Does::Call, stream: None });
    let mut shows_all = true;
    for (task, data) in graph.stored() {
        let does = match data.op {
            Op::Record { event, external: false } => Does::Record(event),
            Op::Wait { event, external: false } => Does::Wait(event),
            Op::Copy
            | Op::Copy2d
            | Op::CopyBatch
            | Op::Fill(_)
            | Op::Reduce(_)
            | Op::Operator(_)
            | Op::Kernel(_) => Does::Work,
            op => {
                shows_all &= !op.takes_stream();
                Does::Call
            }
        };
        if let Does::Record(event) | Does::Wait(event) = does {
            events.add(event);
        }
        lines[task] = Line { does, stream: data.stream };
    }
    if !shows_all || !events.are_own() {
        return Err("it does more than its buffers show: events of others, notifies, values or host calls");
    }
    Ok(lines)
}
