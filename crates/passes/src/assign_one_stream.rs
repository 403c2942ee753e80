//! `assign-one-stream`: an `auto` graph becomes an explicit one on a single stream.
//!
//! Program order respects every dependence, and one stream keeps program order, so the result needs no event.

use acg_ir::{Anchors, GraphId, Module, RareList, Scope, Step};

use crate::declare::Supply;
use crate::{Context, Pass, Subject};

/// See the module.
pub struct AssignOneStream;

impl Pass for AssignOneStream {
    fn name(&self) -> &'static str {
        "assign-one-stream"
    }

    fn summary(&self) -> &'static str {
        "puts every task of an auto graph on one stream, in program order"
    }

    fn rewrite(&self, module: &mut Subject<'_>, _: &mut Context<'_>) {
        let auto: Vec<GraphId> =
            module.graphs.iter().filter(|(_, graph)| graph.is_auto()).map(|(id, _)| id).collect();
        if !auto.is_empty() {
            put_on_one_stream(module.change(), &auto);
        }
    }
}

/// Puts every task of these `auto` graphs on one stream.
pub(crate) fn put_on_one_stream(module: &mut Module, auto: &[GraphId]) {
    if auto.is_empty() {
        return;
    }
    let anchors = Anchors::take(module);
    let mut supply = Supply::of(module);
    let stream = supply.streams(module, 1)[0];
    supply.finish(module);
    for &id in auto {
        let graph = &mut module.graphs[id];
        graph.origin = Some(stream);
        for index in 0..graph.steps.len() {
            match graph.steps[index] {
                Step::Task(task) => {
                    let task = &mut graph.tasks[task];
                    task.after = RareList::default();
                    task.stream = task.op.takes_stream().then_some(stream);
                }
                Step::Open(Scope::Group(group)) => graph.groups[group].stream = Some(stream),
                Step::Open(_) | Step::Close => {}
            }
        }
    }
    anchors.restore(module);
}
