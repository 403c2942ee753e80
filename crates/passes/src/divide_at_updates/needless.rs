//! External events that order nothing but updates and the groups that they are for.
//!
//! Where the updated kernels are called between two models, the order of the calls does what such an event did.

use acg_ir::task::DestroyTarget;
use acg_ir::{Arena, Event, GraphId, Module, Op, QueryTarget, Scope, Step, Stream, SyncTarget};
use rustc_hash::FxHashSet;

/// Which events `divided` graphs can do without.
///
/// Such an event is external, only those graphs wait for it and reset it, and every record stands right behind an update, on a stream
/// that does nothing but updates and records of such events.
pub(super) fn needless(module: &Module, divided: &FxHashSet<GraphId>) -> Arena<Event, bool> {
    let mut needless: Arena<Event, bool> =
        module.events.values().map(|event| event.kind.is_external()).collect();
    for (id, graph) in module.graphs.iter() {
        for task in graph.program() {
            match graph.tasks[task].op {
                Op::Wait { external: false, .. } | Op::Reset(_) if divided.contains(&id) => {}
                op => events_of(op).into_iter().flatten().for_each(|event| needless[event] = false),
            }
        }
    }
    let Some(run) = &module.run else { return needless };
    let mut recorded_on: Vec<(Event, Stream)> = Vec::new();
    let mut busy = busy_in_graphs(module);
    let mut is_behind_update = false;
    let mut depth_of_update = None;
    let mut depth = 0u32;
    for step in &run.steps {
        match *step {
            Step::Open(scope) => {
                depth += 1;
                if matches!(scope, Scope::Update(_)) {
                    depth_of_update = Some(depth);
                } else if !matches!(scope, Scope::Stream(_)) {
                    is_behind_update = false;
                }
            }
            Step::Close => {
                if depth_of_update == Some(depth) {
                    depth_of_update = None;
                    is_behind_update = true;
                }
                depth = depth.saturating_sub(1);
            }
            Step::Task(_) if depth_of_update.is_some() => {}
            Step::Task(task) => {
                let data = &run.tasks[task];
                if let (Op::Record { event, external: false }, Some(stream)) = (data.op, data.stream) {
                    recorded_on.push((event, stream));
                    needless[event] &= is_behind_update;
                } else {
                    is_behind_update = false;
                    if let Some(stream) = data.stream {
                        busy[stream] = true;
                    }
                    events_of(data.op).into_iter().flatten().for_each(|event| needless[event] = false);
                }
            }
        }
    }
    for &(event, stream) in &recorded_on {
        needless[event] &= !busy[stream];
    }
    needless
}

/// The streams that graphs work on.
fn busy_in_graphs(module: &Module) -> Arena<Stream, bool> {
    let mut busy = Arena::filled(module.streams.len(), false);
    for graph in module.graphs.values() {
        let on = graph.program().filter_map(|task| graph.tasks[task].stream);
        on.chain(graph.origin).for_each(|stream| busy[stream] = true);
    }
    busy
}

fn events_of(op: Op) -> [Option<Event>; 2] {
    match op {
        Op::Record { event, .. }
        | Op::Wait { event, .. }
        | Op::Reset(event)
        | Op::Sync(SyncTarget::Event(event))
        | Op::Query(QueryTarget::Event(event))
        | Op::Destroy(DestroyTarget::Event(event)) => [Some(event), None],
        Op::Elapsed(from, to) => [Some(from), Some(to)],
        _ => [None, None],
    }
}
