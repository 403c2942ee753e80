//! The names of all handles and allocations.

use acg_calls::{Arg, Log, Name};
use acg_ir::{Arena, Buffer, Entity, Event, GraphId, Group, Module, Notify, Stream, Symbol};
use rustc_hash::FxHashMap;

use super::names::Identifiers;
use super::provenance::{Declaration, Lowered};

/// Which argument stands for which entity.
#[derive(Debug)]
pub(super) struct Handles {
    pub(super) streams: Arena<Stream, Arg>,
    pub(super) events: Arena<Event, Name>,
    pub(super) notifies: Arena<Notify, Name>,
    pub(super) buffers: Arena<Buffer, Name>,
    pub(super) models: Arena<GraphId, Name>,
    pub(super) groups: Arena<GraphId, Arena<Group, Name>>,
    identifiers: Identifiers,
    /// Host functions, by the text of the source.
    functions: FxHashMap<Symbol, Name>,
    /// Values that calls write or that the log does not know, by what they are called.
    values: FxHashMap<&'static str, Name>,
}

impl Handles {
    pub(super) fn new(module: &Module, lowered: &mut Lowered) -> Self {
        let mut identifiers = Identifiers::default();
        let mut declared = Declared { module, lowered, identifiers: &mut identifiers };
        let streams = module.streams.values().map(|stream| (!stream.is_default).then_some(stream.name));
        let streams = declared.names(streams);
        let events = declared.names(module.events.values().map(|event| Some(event.name)));
        let notifies = declared.names(module.notifies.values().map(|notify| Some(notify.name)));
        let buffers = declared
            .names(module.buffers.values().map(|buffer| buffer.view.is_none().then_some(buffer.name)));
        let group_names = |graph: GraphId| module.graphs[graph].groups.values().map(|group| Some(group.name));
        let groups: Vec<_> = module.graphs.keys().map(|graph| declared.names(group_names(graph))).collect();
        let streams = declared.finish(streams, Declaration::Stream);
        let events = declared.finish(events, Declaration::Event);
        let notifies = declared.finish(notifies, Declaration::Notify);
        let buffers = declared.finish(buffers, Declaration::Buffer);
        let groups: Vec<_> = (groups.into_iter().zip(module.graphs.keys()))
            .map(|(names, graph)| declared.finish(names, |group| Declaration::Group(graph, group)))
            .collect();
        let models = module.graphs.keys().map(|graph| declared.model(graph)).collect();
        let stream = |name: Option<Name>| name.map_or(Arg::Null, Arg::Name);
        let empty = declared.lowered.log.name("");
        let known = |name: Option<Name>| name.unwrap_or(empty);
        Self {
            streams: streams.into_iter().map(stream).collect(),
            events: events.into_iter().map(known).collect(),
            notifies: notifies.into_iter().map(known).collect(),
            buffers: buffers.into_iter().map(known).collect(),
            models,
            groups: groups.into_iter().map(|names| names.into_iter().map(known).collect()).collect(),
            identifiers,
            functions: FxHashMap::default(),
            values: FxHashMap::default(),
        }
    }

    /// A name that starts with `text` and is no other's.
    pub(super) fn generated(&mut self, log: &mut Log, text: &str) -> Name {
        self.identifiers.exact(log, text).unwrap_or_else(|| self.identifiers.unique(log, text))
    }

    /// The name of a host function.
    pub(super) fn function(&mut self, log: &mut Log, symbol: Symbol, text: &str) -> Name {
        if let Some(&name) = self.functions.get(&symbol) {
            return name;
        }
        let name = self.generated(log, text);
        self.functions.insert(symbol, name);
        name
    }

    /// The name of a value; the same for the same text.
    pub(super) fn value(&mut self, log: &mut Log, text: &'static str) -> Name {
        if let Some(&name) = self.values.get(text) {
            return name;
        }
        let name = self.generated(log, text);
        self.values.insert(text, name);
        name
    }
}

/// A declaration: its text, and its name once it has one. No text means that it needs no name.
type Entry = (Option<Symbol>, Option<Name>);

struct Declared<'a> {
    module: &'a Module,
    lowered: &'a mut Lowered,
    identifiers: &'a mut Identifiers,
}

impl Declared<'_> {
    /// Lets every name that is an identifier be itself.
    fn names(&mut self, symbols: impl Iterator<Item = Option<Symbol>>) -> Vec<Entry> {
        let (log, module) = (&mut self.lowered.log, self.module);
        symbols
            .map(|symbol| {
                (symbol, symbol.and_then(|symbol| self.identifiers.exact(log, module.text(symbol))))
            })
            .collect()
    }

    /// Gives all others a spelling.
    fn finish<E: Entity>(
        &mut self,
        entries: Vec<Entry>,
        declaration: impl Fn(E) -> Declaration,
    ) -> Vec<Option<Name>> {
        let mut names = Vec::with_capacity(entries.len());
        for (index, (symbol, name)) in entries.into_iter().enumerate() {
            let name = symbol.map(|symbol| {
                name.unwrap_or_else(|| {
                    self.identifiers.unique(&mut self.lowered.log, self.module.text(symbol))
                })
            });
            if let Some(name) = name {
                self.lowered.declare(name, declaration(E::at(index)));
            }
            names.push(name);
        }
        names
    }

    fn model(&mut self, graph: GraphId) -> Name {
        let text = format!("{}_model", self.module.text(self.module.graphs[graph].name));
        let name = self.identifiers.unique(&mut self.lowered.log, &text);
        self.lowered.declare(name, Declaration::Model(graph));
        name
    }
}
