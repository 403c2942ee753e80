//! The calls that blocks are made of, graphs that calls make, and calls as logs write them.

use std::fmt::Write;

use acg_calls::{Api, Arg, CallView, Log, Name, read};
use acg_diagnostics::Sources;
use acg_ir::{BodyId, GraphId, Group, Handle, Mode, Module, Operand, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use super::capture::{Capturing, mode_arg};
use super::task::Line;
use super::{Lowerer, Problem};

/// What a name of the program stands for in a call.
#[derive(Clone, Copy, Debug)]
enum Named {
    Arg(Arg),
    Operand(Operand),
}

/// The names that a program declares, made when the first call asks.
#[derive(Debug, Default)]
pub(super) struct CallNames {
    declared: Option<FxHashMap<Symbol, Named>>,
    graphs: Option<FxHashMap<Symbol, GraphId>>,
    groups: FxHashMap<BodyId, FxHashMap<Symbol, Group>>,
}

impl Lowerer<'_> {
    /// `begin_capture`, `begin_capture into m`.
    pub(super) fn begin_capture(&mut self, line: Line<'_>, into: Option<Handle>, mode: Mode) {
        let mode = Arg::Int(mode_arg(mode));
        let model = into.map(|model| self.handles.called[model]);
        let call = match model {
            None => self.call(Api::RiCaptureBegin, &[line.stream, mode]),
            Some(model) => self.call(Api::RiCaptureToModelRiBegin, &[line.stream, Arg::Name(model), mode]),
        };
        // In a graph, `cond` is about the graph or a branch of it.
        if model.is_some() || line.body == BodyId::Run {
            let begun = Capturing { origin: line.stream, model, ended: false };
            self.capture_ends.entry(line.stream).or_default().push(self.captures.len());
            self.captures.push(begun);
        }
        self.named(call, line);
    }

    /// `end_capture m`.
    pub(super) fn end_capture(&mut self, line: Line<'_>, handle: Handle) {
        let ended = self.capture_ends.get_mut(&line.stream).and_then(Vec::pop);
        if let Some(capture) = ended.and_then(|at| self.captures.get_mut(at)) {
            capture.ended = true;
        }
        while self.captures.last().is_some_and(|capture| capture.ended) {
            self.captures.pop();
        }
        let handle = Arg::Out(self.handles.called[handle]);
        let call = self.call(Api::RiCaptureEnd, &[line.stream, handle]);
        self.named(call, line);
    }

    /// `begin_group`.
    pub(super) fn begin_group(&mut self, line: Line<'_>) {
        let call = self.call(Api::RiCaptureTaskGrpBegin, &[line.stream]);
        self.named(call, line);
    }

    /// `end_group tail`.
    pub(super) fn end_group(&mut self, line: Line<'_>, group: Group) {
        let handle = Arg::Out(self.handles.groups(line.body)[group]);
        let call = self.call(Api::RiCaptureTaskGrpEnd, &[line.stream, handle]);
        self.named(call, line);
    }

    /// `execute m` of a graph that calls made.
    pub(super) fn execute_handle(&mut self, line: Line<'_>, handle: Handle) {
        let handle = Arg::Name(self.handles.called[handle]);
        let call = self.call(Api::RiExecuteAsync, &[handle, line.stream]);
        self.named(call, line);
    }

    /// `call aclrtQueryEvent(e, &status)`: the text is read as a line of a log in which names of the program stand for its handles.
    pub(super) fn bare_call(&mut self, line: Line<'_>, text: Symbol) {
        let mut spelt = FxHashSet::default();
        let text = self.spell_names(line.body, self.module.text(text), &mut spelt);
        let mut sources = Sources::new();
        let file = sources.add(String::new(), String::new());
        let reading = read(file, &text);
        let (1, true) = (reading.log.len(), reading.diagnostics.is_empty()) else {
            return self.problem(Problem::Call(line.body, line.task));
        };
        for call in reading.log.iter() {
            let id = self.take_over(&reading.log, &call, &spelt);
            self.named(id, line);
        }
    }

    /// Puts the names of the log in the place of those of the program, and lists them.
    fn spell_names(&mut self, body: BodyId, call: &str, spelt: &mut FxHashSet<String>) -> String {
        let mut text = String::with_capacity(call.len());
        let mut from = 0;
        for (at, word) in acg_ir::name::words(call) {
            let Some(arg) = self.named_in(body, word) else { continue };
            text.push_str(&call[from..at]);
            from = at + word.len();
            let name = |name: Name| self.lowered.log.text(name);
            match arg {
                Arg::Name(base) => text.push_str(name(base)),
                Arg::Offset { base, bytes } => {
                    write!(text, "{}+{bytes}", name(base)).expect("a string takes all text");
                }
                _ => text.push_str("NULL"),
            }
            if let Arg::Name(base) | Arg::Offset { base, .. } = arg {
                spelt.insert(name(base).to_owned());
            }
        }
        text.push_str(&call[from..]);
        text
    }

    /// What a word of a call stands for, if the program declares it.
    fn named_in(&mut self, body: BodyId, word: &str) -> Option<Arg> {
        let module: &Module = self.module;
        if let Some(symbol) = module.symbols.find(word) {
            let handles = &self.handles;
            let declared = self.call_names.declared.get_or_insert_with(|| declared(module, handles));
            match declared.get(&symbol) {
                Some(&Named::Arg(arg)) => return Some(arg),
                Some(&Named::Operand(operand)) => return Some(self.address(operand)),
                None => {}
            }
            if let Some(group) = self.group_named(body, symbol) {
                return Some(group);
            }
        }
        // `GRAPH.GROUP`.
        let (at, _) = word.rmatch_indices('.').next()?;
        let (graph, group) = (module.symbols.find(&word[..at])?, module.symbols.find(&word[at + 1..])?);
        let graphs = self
            .call_names
            .graphs
            .get_or_insert_with(|| module.graphs.iter().map(|(graph, data)| (data.name, graph)).collect());
        let graph = graphs.get(&graph).copied()?;
        self.group_named(BodyId::Graph(graph), group)
    }

    fn group_named(&mut self, body: BodyId, name: Symbol) -> Option<Arg> {
        let module: &Module = self.module;
        let groups = self.call_names.groups.entry(body).or_insert_with(|| {
            let groups = module.body(body).map(|body| body.groups.iter());
            groups.into_iter().flatten().map(|(group, data)| (data.name, group)).collect()
        });
        let group = groups.get(&name).copied()?;
        Some(Arg::Name(self.handles.groups(body)[group]))
    }

    /// Makes a call of another log.
    fn take_over(&mut self, from: &Log, call: &CallView<'_>, spelt: &FxHashSet<String>) -> acg_calls::CallId {
        let args: Vec<Arg> = call.args().iter().map(|arg| self.taken_over(from, arg, spelt)).collect();
        let kernels: Vec<_> = call
            .launches()
            .map(|mut kernel| {
                kernel.name = kernel.name.map(|name| self.lowered.log.name(from.text(name)));
                self.lowered.log.kernel_id(kernel)
            })
            .collect();
        let id = match call.operator() {
            Some(operator) => {
                let operator = self.lowered.log.name(operator);
                self.lowered.log.push_operator(call.api(), operator, &kernels, &args)
            }
            None => self.lowered.log.push(call.api(), &args),
        };
        self.made(id)
    }

    fn taken_over(&mut self, from: &Log, arg: Arg, spelt: &FxHashSet<String>) -> Arg {
        match arg {
            Arg::Null | Arg::Int(_) | Arg::Exchange(_) => arg,
            Arg::Name(name) => Arg::Name(self.name_taken_over(from.text(name), spelt)),
            Arg::Out(name) => Arg::Out(self.name_taken_over(from.text(name), spelt)),
            Arg::Offset { base, bytes } => {
                Arg::Offset { base: self.name_taken_over(from.text(base), spelt), bytes }
            }
            Arg::Text(text) => self.lowered.log.text_arg(from.text(text)),
            Arg::Kernel(id) => {
                let mut kernel = from.kernel(id);
                kernel.name = kernel.name.map(|name| self.lowered.log.name(from.text(name)));
                Arg::Kernel(self.lowered.log.kernel_id(kernel))
            }
            Arg::Struct(range) | Arg::List(range) => {
                let items = from.args(range).iter().map(|item| self.taken_over(from, item, spelt));
                let items: Vec<Arg> = items.collect();
                match arg {
                    Arg::Struct(_) => self.lowered.log.structure(&items),
                    _ => self.lowered.log.list(&items),
                }
            }
        }
    }

    fn name_taken_over(&mut self, text: &str, spelt: &FxHashSet<String>) -> Name {
        if spelt.contains(text) {
            return self.lowered.log.name(text);
        }
        self.handles.of_calls(&mut self.lowered.log, text)
    }
}

/// What each name of the file stands for.
fn declared(module: &Module, handles: &super::handles::Handles) -> FxHashMap<Symbol, Named> {
    let arg = |name: Name| Named::Arg(Arg::Name(name));
    let mut declared = FxHashMap::default();
    declared.extend(
        module
            .buffers
            .iter()
            .map(|(buffer, data)| (data.name, Named::Operand(Operand { buffer, slice: None }))),
    );
    declared
        .extend(module.streams.iter().map(|(stream, data)| (data.name, Named::Arg(handles.streams[stream]))));
    declared.extend(module.events.iter().map(|(event, data)| (data.name, arg(handles.events[event]))));
    declared.extend(module.notifies.iter().map(|(notify, data)| (data.name, arg(handles.notifies[notify]))));
    declared.extend(module.handles.iter().map(|(handle, data)| (data.name, arg(handles.called[handle]))));
    declared.extend(module.graphs.iter().map(|(graph, data)| (data.name, arg(handles.model(graph, 1)))));
    declared
        .extend(module.contexts.iter().map(|(context, data)| (data.name, arg(handles.contexts[context]))));
    declared.extend(module.locks.iter().map(|(lock, data)| (data.name, arg(handles.locks[lock]))));
    declared
}
