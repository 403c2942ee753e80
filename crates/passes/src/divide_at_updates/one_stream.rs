//! A graph of several streams, put on the one that it begins on.
//!
//! Program order keeps every order that records and waits give, so what its tasks see is what they saw before. A graph is divided at
//! groups of its side streams in this form: between two models nothing of it runs beside the group anyway.
//!
//! What is outside may wait for one stream before it lets another go on. A graph of which several streams signal to what is outside, or wait
//! for it, therefore keeps its streams.

use acg_ir::task_attribute::Tasks;
use acg_ir::{Event, Graph, GraphId, Module, Op, Scope, Step, Stream};
use rustc_hash::FxHashSet;

use crate::own_events::{Mentions, OwnEvents};

/// Puts all that the capture of a graph holds on its first stream; gives the events that nothing mentions any more, some of them more
/// than once.
///
/// Nothing, where several streams have to do with what is outside, the graph has branches, which are captured on streams of their own, or
/// something stands on a stream that the capture does not hold: that is done at once, and belongs to no model.
pub(super) fn put_on_origin(module: &mut Module, id: GraphId, mentions: &mut Mentions) -> Option<Vec<Event>> {
    let origin = module.graphs[id].origin?;
    let own = mentions.own_events(&module.graphs[id]);
    let has_branches = !module.graphs[id].conditionals.is_empty();
    if has_branches || !holds_all(module, id, origin) || !is_met_on_one_stream(&module.graphs[id], own) {
        return None;
    }
    let mut dropped = Vec::new();
    let graph = &mut module.graphs[id];
    let mut steps = Vec::with_capacity(graph.steps.len());
    for mut step in std::mem::take(&mut graph.steps) {
        match &mut step {
            Step::Task(task) => {
                let data = &mut graph.tasks[*task];
                if let Op::Record { event, .. } | Op::Wait { event, .. } = data.op
                    && own.has(event)
                {
                    dropped.push(event);
                    continue;
                }
                data.stream = data.stream.map(|_| origin);
            }
            Step::Open(Scope::Stream(stream)) => *stream = origin,
            Step::Open(_) | Step::Close => {}
        }
        steps.push(step);
    }
    graph.steps = steps;
    for group in graph.groups.keys() {
        graph.groups[group].stream = graph.groups[group].stream.map(|_| origin);
    }
    Some(dropped)
}

/// Whether every stream that a task stands on has joined the capture before it.
fn holds_all(module: &Module, id: GraphId, origin: Stream) -> bool {
    let graph = &module.graphs[id];
    let mut held: FxHashSet<Stream> = FxHashSet::default();
    held.insert(origin);
    let mut recorded: FxHashSet<Event> = FxHashSet::default();
    for task in graph.program() {
        let data = &graph.tasks[task];
        let Some(stream) = data.stream else { continue };
        match data.op {
            Op::Wait { event, external: false } if recorded.contains(&event) => {
                held.insert(stream);
            }
            _ if !held.contains(&stream) => return false,
            Op::Record { event, external: false } => {
                recorded.insert(event);
            }
            _ => {}
        }
    }
    true
}

/// Whether at most one stream signals to what is outside of the graph, or waits for it.
fn is_met_on_one_stream(graph: &Graph, own: OwnEvents<'_>) -> bool {
    let is_inside = |op: &Op| match *op {
        Op::Record { event, .. } | Op::Wait { event, .. } => own.has(event),
        Op::Cache(_) => true,
        _ => Tasks::Work.contains(op),
    };
    let tasks = graph.program().map(|task| &graph.tasks[task]);
    let mut streams = tasks.filter(|task| !is_inside(&task.op)).map(|task| task.stream);
    let first = streams.next();
    streams.all(|stream| Some(stream) == first)
}
