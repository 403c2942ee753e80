//! What an explicit graph amounts to as a schedule: streams, synchronisation, time and memory, each beside what it cannot fall below.
//!
//! Times are those of the device model, by the replay that also proves the passes. A bound holds for every schedule of the
//! graph's tasks, so that a makespan that equals one is optimal.

mod human;
mod json;

use std::borrow::Cow;
use std::time::Duration;

use acg_ir::{Arena, Buffer, Entity, Graph, GraphId, Module, Op, Symbol, Task, Value};
use acg_passes::{Placed, PlanReader, Planned, Proved, Statistic};
use acg_schedule::{Bound, Dag, Front, Point, Streams};
use acg_stats::Format;
use acg_target::DeviceModel;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::compile::Compiled;
use crate::optimise::{Optimised, PassRun, makespan};
use crate::update_method::UpdateChoice;

/// Larger graphs are not asked for their width, which takes a while.
const MOST_AT_FULL: usize = 20_000;

/// The figures of a program.
#[derive(Clone, Debug)]
pub struct Figures {
    graphs: Vec<GraphFigures>,
    passes: Vec<PassRun>,
    statistics: Vec<Statistic>,
    model: DeviceModel,
    updates: Option<UpdateChoice>,
}

#[derive(Clone, Debug)]
struct GraphFigures {
    name: String,
    /// Tasks that are neither records nor waits of the graph's own events.
    tasks: u32,
    streams: u32,
    events: u32,
    sync: Syncs,
    makespan: u64,
    /// Why there is nothing in `known`, if there is nothing.
    known: Result<Known, &'static str>,
    memory: Option<Placed>,
}

/// Records and waits of a graph.
#[derive(Clone, Copy, Debug, Default)]
struct Syncs {
    records: u32,
    waits: u32,
    /// Waits through which streams enter the capture, for nothing else.
    forks: u32,
    /// Waits with no task behind them: streams come back through them.
    joins: u32,
}

/// What the graph's dependences tell.
#[derive(Clone, Debug)]
struct Known {
    work: u64,
    critical_path: u64,
    /// For schedules on as many streams as the graph has, or more where a search proved it for more.
    bounds: Vec<Bound>,
    proved: Option<Proved>,
    full: Option<Full>,
}

/// The least at which no task waits for another that it does not depend on.
#[derive(Clone, Debug)]
struct Full {
    fewest_streams: Point,
    fewest_syncs: Point,
    /// Tasks of which no two are ordered.
    antichain: Vec<String>,
    /// Every dependence that no others imply starts at one of the first or ends at one of the second.
    touching: (Vec<String>, Vec<String>),
}

impl Figures {
    /// The figures of a compiled program, `None` for one that was rejected; with `at_full`, also the fewest streams and syncs at
    /// full concurrency.
    pub fn of(compiled: &Compiled, at_full: bool) -> Option<Self> {
        let (module, optimised) = (&compiled.checked.accepted()?.module, &compiled.optimised);
        let model = optimised.model.as_ref()?;
        let apart = apart(module, optimised);
        let explicit = apart.graphs.iter().filter(|(_, graph)| !graph.is_auto());
        let mut plans = PlanReader::new(&apart);
        let graphs = explicit.map(|(id, _)| graph_figures(&apart, id, &mut plans, optimised, model, at_full));
        Some(Self {
            graphs: graphs.collect(),
            passes: optimised.runs.clone(),
            statistics: optimised.statistics.clone(),
            model: *model,
            updates: optimised.updates.clone(),
        })
    }

    /// The report in `format`, for the program called `name`; times of passes, which differ from run to run, only if `timed`.
    pub fn text(&self, name: &str, format: Format, timed: bool) -> String {
        match format {
            Format::Human => human::report(self),
            Format::Json => {
                let text = serde_json::to_string_pretty(&self.document(name, timed));
                text.unwrap_or_default() + "\n"
            }
        }
    }

    /// The report as a part of other JSON.
    pub fn document<'r>(&'r self, name: &'r str, timed: bool) -> impl Serialize + 'r {
        json::document(self, name, timed)
    }
}

impl GraphFigures {
    fn best_bound(&self) -> Option<Bound> {
        let known = self.known.as_ref().ok()?;
        let searched = known.proved.map(|proved| proved.makespan);
        // Of equal bounds the plainest argument, which is the first.
        known.bounds.iter().copied().chain(searched).rev().max_by_key(|bound| bound.value)
    }
}

/// The module as it was before its temporaries were placed: which of them share memory follows from one schedule and binds no other,
/// so that no bound may count on it.
fn apart<'m>(module: &'m Module, optimised: &Optimised) -> Cow<'m, Module> {
    if optimised.placed.is_empty() {
        return Cow::Borrowed(module);
    }
    let mut is_pool: Arena<Buffer, bool> = Arena::filled(module.buffers.len(), false);
    optimised.placed.values().for_each(|placed| is_pool[placed.pool] = true);
    let mut apart = module.clone();
    for buffer in module.buffers.keys() {
        let data = &mut apart.buffers[buffer];
        data.view = data.view.filter(|view| !is_pool[view.base.buffer]);
    }
    Cow::Owned(apart)
}

fn graph_figures(
    module: &Module,
    id: GraphId,
    plans: &mut PlanReader<'_>,
    optimised: &Optimised,
    model: &DeviceModel,
    at_full: bool,
) -> GraphFigures {
    let graph = &module.graphs[id];
    let counts = Counts::of(graph);
    let planned = plans.plan_of(id, model);
    let makespan = makespan(module, id, model);
    let known = planned.map(|planned| {
        let proved = optimised.proved.get(&id).copied();
        known(
            module,
            graph,
            &planned,
            model,
            proved.filter(|proved| proved.makespan.value <= makespan),
            at_full,
        )
    });
    GraphFigures {
        name: module.text(graph.name).to_owned(),
        tasks: counts.tasks,
        streams: counts.streams,
        events: counts.events,
        sync: counts.sync,
        makespan,
        known,
        memory: optimised.placed.get(&id).copied(),
    }
}

fn known(
    module: &Module,
    graph: &Graph,
    planned: &Planned,
    model: &DeviceModel,
    proved: Option<Proved>,
    at_full: bool,
) -> Known {
    let Planned { dag, plan, first_tasks } = planned;
    let critical_path = acg_schedule::tails(dag, 0).into_iter().max().unwrap_or(0);
    let streams = Streams { count: plan.streams.max(1), latency: model.sync };
    Known {
        work: dag.costs().iter().fold(0, |sum: u64, &cost| sum.saturating_add(cost)),
        critical_path,
        bounds: acg_schedule::quick_bounds(dag, streams),
        proved,
        full: (at_full && dag.len() <= MOST_AT_FULL).then(|| {
            let labels = Labels::of(module, graph);
            full(dag, |&node| labels.label(first_tasks[node as usize]))
        }),
    }
}

fn full(dag: &Dag, label: impl Fn(&u32) -> String) -> Full {
    let reduced = acg_schedule::reduction(dag);
    let front = Front::of_reduced(&reduced);
    let labels = |nodes: &[u32]| nodes.iter().map(&label).collect();
    Full {
        fewest_streams: front.fewest_streams.point(&reduced),
        fewest_syncs: front.fewest_syncs.point(&reduced),
        antichain: labels(&front.antichain),
        touching: (labels(&front.touched_by_all.0), labels(&front.touched_by_all.1)),
    }
}

/// What tasks are called in a report.
struct Labels<'m> {
    module: &'m Module,
    graph: &'m Graph,
    /// How many tasks have this name, or launch a kernel of this name.
    uses: FxHashMap<Symbol, u32>,
}

impl<'m> Labels<'m> {
    fn of(module: &'m Module, graph: &'m Graph) -> Self {
        let mut labels = Self { module, graph, uses: FxHashMap::default() };
        for task in graph.program() {
            let (name, kernel) = (labels.name(task), labels.kernel(task));
            for used in name.into_iter().chain(kernel.filter(|&kernel| Some(kernel) != name)) {
                *labels.uses.entry(used).or_default() += 1;
            }
        }
        labels
    }

    /// The task's `name`, or what follows `as`.
    fn name(&self, task: Task) -> Option<Symbol> {
        let data = &self.graph.tasks[task];
        let mut attributes = data.attributes.of(&self.module.attributes).iter();
        let named = attributes.find_map(|attribute| match attribute.value {
            Value::Text(text) if self.module.text(attribute.name) == "name" => Some(text),
            _ => None,
        });
        named.or(data.name)
    }

    fn kernel(&self, task: Task) -> Option<Symbol> {
        match self.graph.tasks[task].op {
            Op::Kernel(name) => Some(name),
            _ => None,
        }
    }

    /// The task's name, else that of its kernel where nothing else has it, else its line.
    fn label(&self, task: Task) -> String {
        let kernel = || self.kernel(task).filter(|kernel| self.uses.get(kernel) == Some(&1));
        match self.name(task).or_else(kernel) {
            Some(name) => self.module.text(name).to_owned(),
            None => acg_ir::print::task(self.module, self.graph, task),
        }
    }
}

/// What can be counted in one walk.
#[derive(Default)]
struct Counts {
    tasks: u32,
    streams: u32,
    events: u32,
    sync: Syncs,
}

impl Counts {
    fn of(graph: &Graph) -> Self {
        let program: Vec<Task> = graph.program().filter(|&task| graph.tasks[task].stream.is_some()).collect();
        let streams = || program.iter().filter_map(|&task| graph.tasks[task].stream);
        let most_streams = streams().map(|stream| stream.index() + 1).max().unwrap_or(0);
        let mut counts = Self::default();
        // Whether a task comes before: on a stream, and before the record of an event.
        let mut busy = vec![false; most_streams];
        let mut seen = vec![false; most_streams];
        let mut fires_after_tasks: Vec<Option<bool>> = Vec::new();
        let mut last_task: Arena<Task, bool> = Arena::filled(graph.tasks.len(), false);
        let mut has_later = vec![false; most_streams];
        for &task in program.iter().rev() {
            let data = &graph.tasks[task];
            let Some(stream) = data.stream else { continue };
            let later = &mut has_later[stream.index()];
            last_task[task] = !*later;
            *later |= !matches!(data.op, Op::Record { .. } | Op::Wait { .. });
        }
        for &task in &program {
            let data = &graph.tasks[task];
            let Some(stream) = data.stream else { continue };
            seen[stream.index()] = true;
            match data.op {
                Op::Record { event, .. } => {
                    counts.sync.records += 1;
                    if fires_after_tasks.len() <= event.index() {
                        fires_after_tasks.resize(event.index() + 1, None);
                    }
                    fires_after_tasks[event.index()] = Some(busy[stream.index()]);
                }
                Op::Wait { event, .. } => {
                    counts.sync.waits += 1;
                    let ordered = fires_after_tasks.get(event.index()).copied().flatten().unwrap_or(true);
                    counts.sync.forks += u32::from(!ordered);
                    counts.sync.joins += u32::from(ordered && last_task[task]);
                    busy[stream.index()] |= ordered;
                }
                _ => {
                    counts.tasks += 1;
                    busy[stream.index()] = true;
                }
            }
        }
        counts.streams = seen.iter().filter(|&&seen| seen).count() as u32;
        counts.events = fires_after_tasks.iter().filter(|event| event.is_some()).count() as u32;
        counts
    }
}

/// Milliseconds, for people and programs.
fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
