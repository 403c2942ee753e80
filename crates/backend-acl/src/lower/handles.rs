//! The names of all handles and allocations.

use acg_calls::{Arg, Log, Name};
use acg_ir::{
    Arena, BodyId, Branch, Buffer, Cond, Conditional, Context, Entity, Event, GraphId, Group, Handle, Lock,
    Module, Notify, OmModel, Op, Session, Space, Stream, Symbol, Value,
};
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
    pub(super) conds: Arena<Cond, Name>,
    /// Of each condition, whether its value is an operand of anything.
    used_values: Arena<Cond, bool>,
    pub(super) contexts: Arena<Context, Name>,
    pub(super) locks: Arena<Lock, Name>,
    pub(super) om_models: Arena<OmModel, Name>,
    pub(super) sessions: Arena<Session, Name>,
    /// Graphs that calls make, and models of branches that calls capture.
    pub(super) called: Arena<Handle, Name>,
    models: Arena<GraphId, Models>,
    groups: Arena<GraphId, Arena<Group, Name>>,
    /// The task groups of graphs, by their names.
    groups_by_name: FxHashMap<(GraphId, Symbol), Name>,
    /// Task groups of the host program.
    run_groups: Arena<Group, Name>,
    identifiers: Identifiers,
    /// Host functions, by the text of the source.
    functions: FxHashMap<Symbol, Name>,
    /// Values that calls write or that the log does not know, by what they are called.
    values: FxHashMap<&'static str, Name>,
    /// Names that only lines with `call` use, as they write them.
    of_calls: FxHashMap<String, Name>,
}

/// The models of one graph.
#[derive(Debug)]
struct Models {
    first: Name,
    /// The others, where `segment` splits it.
    further: Vec<Name>,
    branches: Arena<Branch, Name>,
    /// The branches of each conditional task, in order.
    of_conditional: Arena<Conditional, Vec<Branch>>,
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
        let group_names =
            |body: &acg_ir::Body| body.groups.values().map(|group| Some(group.name)).collect::<Vec<_>>();
        let groups: Vec<_> =
            module.graphs.values().map(|graph| declared.names(group_names(graph).into_iter())).collect();
        let run_groups = module.run.as_ref().map(group_names).unwrap_or_default();
        let run_groups = declared.names(run_groups.into_iter());
        let contexts = declared.names(module.contexts.values().map(|context| Some(context.name)));
        let locks = declared.names(module.locks.values().map(|lock| Some(lock.name)));
        let om_models = declared.names(module.om_models.values().map(|model| Some(model.name)));
        let sessions = declared.names(module.sessions.values().map(|session| Some(session.name)));
        let called = declared.names(module.handles.values().map(|handle| Some(handle.name)));
        let streams = declared.finish(streams, Declaration::Stream);
        let events = declared.finish(events, Declaration::Event);
        let notifies = declared.finish(notifies, Declaration::Notify);
        let buffers = declared.finish(buffers, Declaration::Buffer);
        let groups: Vec<_> = (groups.into_iter().zip(module.graphs.keys()))
            .map(|(names, graph)| {
                declared.finish(names, |group| Declaration::Group(BodyId::Graph(graph), group))
            })
            .collect();
        let run_groups = declared.finish(run_groups, |group| Declaration::Group(BodyId::Run, group));
        let contexts = declared.finish(contexts, Declaration::Context);
        let locks = declared.finish(locks, Declaration::Lock);
        let om_models = declared.finish(om_models, Declaration::OmModel);
        let sessions = declared.finish(sessions, Declaration::Session);
        let called = declared.finish(called, Declaration::Handle);
        let models = module.graphs.keys().map(|graph| declared.models(graph)).collect();
        let conds = module.conds.keys().map(|cond| declared.cond(cond)).collect();
        let stream = |name: Option<Name>| name.map_or(Arg::Null, Arg::Name);
        let empty = declared.lowered.log.name("");
        let known = |name: Option<Name>| name.unwrap_or(empty);
        let groups: Arena<GraphId, Arena<Group, Name>> =
            groups.into_iter().map(|names| names.into_iter().map(known).collect()).collect();
        let groups_by_name = module.graphs.iter().flat_map(|(graph, data)| {
            let groups = &groups;
            data.groups.iter().map(move |(group, data)| ((graph, data.name), groups[graph][group]))
        });
        Self {
            streams: streams.into_iter().map(stream).collect(),
            events: events.into_iter().map(known).collect(),
            notifies: notifies.into_iter().map(known).collect(),
            buffers: buffers.into_iter().map(known).collect(),
            conds,
            used_values: used_values(module),
            contexts: contexts.into_iter().map(known).collect(),
            locks: locks.into_iter().map(known).collect(),
            om_models: om_models.into_iter().map(known).collect(),
            sessions: sessions.into_iter().map(known).collect(),
            called: called.into_iter().map(known).collect(),
            models,
            run_groups: run_groups.into_iter().map(known).collect(),
            groups_by_name: groups_by_name.collect(),
            groups,
            identifiers,
            functions: FxHashMap::default(),
            values: FxHashMap::default(),
            of_calls: FxHashMap::default(),
        }
    }

    /// Whether the value of a condition is an operand of anything.
    pub(super) fn value_is_used(&self, cond: Cond) -> bool {
        self.used_values[cond]
    }

    /// The handles of the task groups of a body.
    pub(super) fn groups(&self, body: BodyId) -> &Arena<Group, Name> {
        match body {
            BodyId::Graph(graph) => &self.groups[graph],
            BodyId::Run => &self.run_groups,
        }
    }

    /// The handle of a task group of a graph, by its name.
    pub(super) fn group(&self, graph: GraphId, name: Symbol) -> Arg {
        self.groups_by_name.get(&(graph, name)).map_or(Arg::Null, |&group| Arg::Name(group))
    }

    /// One of the models of a graph, by its number from 1 on.
    pub(super) fn model(&self, graph: GraphId, segment: u32) -> Name {
        let models = &self.models[graph];
        let further = (segment as usize).checked_sub(2).and_then(|at| models.further.get(at));
        further.copied().unwrap_or(models.first)
    }

    /// All models of a graph, in the order in which they are captured.
    pub(super) fn models_of(&self, graph: GraphId) -> std::vec::IntoIter<Name> {
        let models = &self.models[graph];
        let all: Vec<Name> = std::iter::once(models.first).chain(models.further.iter().copied()).collect();
        all.into_iter()
    }

    /// The model of a branch.
    pub(super) fn branch(&self, graph: GraphId, branch: Branch) -> Name {
        self.models[graph].branches[branch]
    }

    /// The branches of the conditional tasks of a graph, each in order.
    pub(super) fn branches_of(&self, graph: GraphId) -> &Arena<Conditional, Vec<Branch>> {
        &self.models[graph].of_conditional
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

    /// The name that lines with `call` use for something that nothing declares; the same for the same text.
    pub(super) fn of_calls(&mut self, log: &mut Log, text: &str) -> Name {
        if let Some(&name) = self.of_calls.get(text) {
            return name;
        }
        let name = self.generated(log, text);
        self.of_calls.insert(text.to_owned(), name);
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

fn used_values(module: &Module) -> Arena<Cond, bool> {
    let mut used = Arena::filled(module.conds.len(), false);
    if used.is_empty() {
        return used;
    }
    let of_value = |value: &Value| if let Value::Operand(operand) = *value { Some(operand) } else { None };
    let named = module.attributes.iter().filter_map(|attribute| of_value(&attribute.value));
    let listed = module.values.iter().filter_map(of_value);
    for operand in module.operands.iter().copied().chain(named).chain(listed) {
        let root = module.access(operand).map(|access| module.buffers[access.root].space);
        if let Ok(Space::Cond(cond)) = root {
            used[cond] = true;
        }
    }
    used
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

    fn cond(&mut self, cond: Cond) -> Name {
        let text = format!("{}_handle", self.module.text(self.module.conds[cond].name));
        self.made(&text, Declaration::Cond(cond))
    }

    fn models(&mut self, graph: GraphId) -> Models {
        let data = &self.module.graphs[graph];
        let name = self.module.text(data.name);
        let first = self.made(&format!("{name}_model"), Declaration::Model(graph));
        let segments = data.tasks.values().filter(|task| task.op == Op::Segment).count() as u32;
        let further = (2..segments + 2)
            .map(|number| self.made(&format!("{name}_model_{number}"), Declaration::Segment(graph, number)))
            .collect();
        let mut of_conditional = Arena::filled(data.conditionals.len(), Vec::new());
        let mut branches = Arena::new();
        for (branch, data) in data.branches.iter() {
            of_conditional[data.conditional].push(branch);
            let cond = self.module.graphs[graph].conditionals[data.conditional].cond;
            let cond = self.module.text(self.module.conds[cond].name);
            let text = format!("{name}_{cond}_{}", data.number);
            branches.push(self.made(&text, Declaration::Branch(graph, branch)));
        }
        Models { first, further, branches, of_conditional }
    }

    /// A name that no declaration of the source has.
    fn made(&mut self, text: &str, declaration: Declaration) -> Name {
        let name = self.identifiers.unique(&mut self.lowered.log, text);
        self.lowered.declare(name, declaration);
        name
    }
}
