//! The plan that an explicit graph follows, so that another can be made of it.
//!
//! Records and waits of the graph's own events are left out: they are what a plan is made anew. A graph that does anything else than
//! compute, copy and order itself is no plan, because what it orders cannot be read off its buffers.

use acg_ir::{Arena, Graph, GraphId, Module, Op, Stream, Task};
use acg_schedule::Plan;
use acg_target::DeviceModel;
use rustc_hash::FxHashMap;

use crate::own_events::own_events;
use crate::task_graph::TaskGraph;

/// An explicit graph as a plan.
pub(crate) struct ReadPlan {
    /// Its units and their data dependences.
    pub(crate) tasks: TaskGraph,
    /// Streams and order; no syncs.
    pub(crate) plan: Plan,
    /// The streams by the plan's numbers.
    pub(crate) streams: Vec<Stream>,
}

/// Reads the plan of `id`.
///
/// # Errors
///
/// Why the graph is none, as the end of a sentence that begins with "because".
pub(crate) fn read_plan(module: &Module, id: GraphId, model: &DeviceModel) -> Result<ReadPlan, &'static str> {
    let graph = &module.graphs[id];
    let syncs = syncs(module, graph)?;
    let tasks = TaskGraph::of(module, graph, model, &syncs);
    let mut numbers: FxHashMap<Stream, u32> = FxHashMap::default();
    let mut streams = Vec::new();
    let mut stream_of = Vec::with_capacity(tasks.units.len());
    for unit in &tasks.units {
        let mut own = unit.tasks(graph).filter_map(|task| graph.tasks[task].stream);
        let stream = own.next().ok_or("a block of it has no stream")?;
        if own.any(|other| other != stream) {
            return Err("a block of it is on several streams");
        }
        stream_of.push(*numbers.entry(stream).or_insert_with(|| {
            streams.push(stream);
            streams.len() as u32 - 1
        }));
    }
    let plan = Plan {
        order: (0..stream_of.len() as u32).collect(),
        stream_of,
        streams: streams.len() as u32,
        syncs: Vec::new(),
    };
    Ok(ReadPlan { tasks, plan, streams })
}

/// The records and waits that only order the graph itself.
fn syncs(module: &Module, graph: &Graph) -> Result<Arena<Task, bool>, &'static str> {
    let own = own_events(module, graph);
    let mut syncs = Arena::filled(graph.tasks.len(), false);
    for task in graph.program() {
        let data = &graph.tasks[task];
        match data.op {
            Op::Record { event, external: false } | Op::Wait { event, external: false } if own[event] => {
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
