//! `assign-one-stream`: an `auto` graph becomes an explicit one on a single stream.
//!
//! Program order respects every dependence, and one stream keeps program order, so the result needs no event.

use acg_ir::graph::SourceRange;
use acg_ir::module::{Item, Stream, StreamData};
use acg_ir::{Entity, GraphId, List, Module, Scope, Step, Symbol};

use crate::Pass;

/// See the module.
pub struct AssignOneStream;

impl Pass for AssignOneStream {
    fn name(&self) -> &'static str {
        "assign-one-stream"
    }

    fn summary(&self) -> &'static str {
        "puts every task of an auto graph on one stream, in program order"
    }

    fn run(&self, module: &mut Module) -> bool {
        let auto: Vec<GraphId> =
            module.graphs.iter().filter(|(_, graph)| graph.is_auto()).map(|(id, _)| id).collect();
        if auto.is_empty() {
            return false;
        }
        let stream = origin_stream(module);
        for id in &auto {
            let graph = &mut module.graphs[*id];
            graph.origin = Some(stream);
            for index in 0..graph.tasks.len() {
                let task = &mut graph.tasks[Entity::at(index)];
                task.after = List::default();
                if task.op.takes_stream() {
                    task.stream = Some(stream);
                }
            }
            for index in 0..graph.steps.len() {
                if let Step::Open(Scope::Group(group)) = graph.steps[index] {
                    graph.groups[group].stream = Some(stream);
                }
            }
        }
        true
    }
}

/// The stream that `auto` graphs are put on: the first one declared, or a new one called `main`.
fn origin_stream(module: &mut Module) -> Stream {
    if let Some((stream, _)) = module.streams.iter().find(|(_, data)| !data.is_default) {
        return stream;
    }
    let name = free_name(module, "main");
    let stream = module.streams.push(StreamData {
        name,
        is_default: false,
        priority: None,
        flags: 0,
        subscribed: false,
    });
    let first_graph =
        module.items.iter().position(|item| matches!(item, Item::Graph(_))).unwrap_or(module.items.len());
    // Every declaration before the first graph is one line.
    module.trivia.insert_line(first_graph as u32);
    module.item_spans.insert(first_graph, SourceRange::default());
    module.items.insert(first_graph, Item::Streams { first: stream, count: 1 });
    stream
}

/// `base`, or `base.1`, `base.2`, … where that is declared already.
fn free_name(module: &mut Module, base: &str) -> Symbol {
    let taken = |symbol: Symbol| {
        module.buffers.values().any(|data| data.name == symbol)
            || module.events.values().any(|data| data.name == symbol)
            || module.notifies.values().any(|data| data.name == symbol)
            || module.graphs.values().any(|graph| graph.name == symbol)
    };
    let mut candidate = base.to_owned();
    let mut suffix = 0;
    while module.symbols.find(&candidate).is_some_and(taken) {
        suffix += 1;
        candidate = format!("{base}.{suffix}");
    }
    module.symbols.intern(&candidate)
}
