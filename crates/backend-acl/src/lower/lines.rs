//! The source lines of declarations.

use acg_ir::graph::SourceRange;
use acg_ir::{
    Arena, Buffer, Context, Entity, Event, GraphId, Handle, Item, Lock, Module, Notify, OmModel, Stream,
    Thread,
};

use super::Declaration;

/// The line that declares each entity; an empty range where there is none.
#[derive(Debug)]
pub(super) struct Lines {
    streams: Arena<Stream, SourceRange>,
    events: Arena<Event, SourceRange>,
    notifies: Arena<Notify, SourceRange>,
    buffers: Arena<Buffer, SourceRange>,
    graphs: Arena<GraphId, SourceRange>,
    handles: Arena<Handle, SourceRange>,
    threads: Arena<Thread, SourceRange>,
    locks: Arena<Lock, SourceRange>,
    contexts: Arena<Context, SourceRange>,
    om_models: Arena<OmModel, SourceRange>,
}

impl Lines {
    pub(super) fn of(module: &Module) -> Self {
        let none = SourceRange::default();
        let mut lines = Self {
            streams: Arena::filled(module.streams.len(), none),
            events: Arena::filled(module.events.len(), none),
            notifies: Arena::filled(module.notifies.len(), none),
            buffers: Arena::filled(module.buffers.len(), none),
            graphs: Arena::filled(module.graphs.len(), none),
            handles: Arena::filled(module.handles.len(), none),
            threads: Arena::filled(module.threads.len(), none),
            locks: Arena::filled(module.locks.len(), none),
            contexts: Arena::filled(module.contexts.len(), none),
            om_models: Arena::filled(module.om_models.len(), none),
        };
        for (&item, &line) in module.items.iter().zip(&module.item_spans) {
            match item {
                Item::Target | Item::Run => {}
                Item::Buffers { first, count } => fill(&mut lines.buffers, first, count, line),
                Item::View(view) => fill(&mut lines.buffers, view, 1, line),
                Item::Streams { first, count } => fill(&mut lines.streams, first, count, line),
                Item::Events { first, count } => fill(&mut lines.events, first, count, line),
                Item::Notifies { first, count } => fill(&mut lines.notifies, first, count, line),
                Item::Threads { first, count } => fill(&mut lines.threads, first, count, line),
                Item::Handles { first, count } => fill(&mut lines.handles, first, count, line),
                Item::Locks { first, count } => fill(&mut lines.locks, first, count, line),
                Item::Contexts { first, count } => fill(&mut lines.contexts, first, count, line),
                Item::Model(model) => fill(&mut lines.om_models, model, 1, line),
                Item::Graph(graph) => fill(&mut lines.graphs, graph, 1, line),
            }
        }
        lines
    }

    /// The line that makes a declaration; what stands in a body has none here.
    pub(super) fn line(&self, declaration: Declaration) -> Option<SourceRange> {
        Some(match declaration {
            Declaration::Stream(stream) => self.streams[stream],
            Declaration::Event(event) => self.events[event],
            Declaration::Notify(notify) => self.notifies[notify],
            Declaration::Buffer(buffer) => self.buffers[buffer],
            Declaration::Model(graph) | Declaration::Segment(graph, _) => self.graphs[graph],
            Declaration::Handle(handle) => self.handles[handle],
            Declaration::Thread(thread) => self.threads[thread],
            Declaration::Lock(lock) => self.locks[lock],
            Declaration::Context(context) => self.contexts[context],
            Declaration::OmModel(model) => self.om_models[model],
            Declaration::Group(..)
            | Declaration::Operator(..)
            | Declaration::Branch(..)
            | Declaration::Cond(_)
            | Declaration::Session(_) => return None,
        })
    }
}

fn fill<K: Entity>(lines: &mut Arena<K, SourceRange>, first: K, count: u32, line: SourceRange) {
    let end = (first.index() + count as usize).min(lines.len());
    for index in first.index()..end {
        lines[K::at(index)] = line;
    }
}
