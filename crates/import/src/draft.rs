//! A module that is being put together: declarations with free names, graphs line by line, comments between lines.
//!
//! Graphs are kept as lines until [`Draft::finish`], because a line's comment is numbered by all lines before it, and because
//! later lines can tell what an earlier one was.

use acg_ir::graph::{GroupData, SourceRange};
use acg_ir::module::{Note, NoteKind};
use acg_ir::{
    Attribute, Body, BranchData, Buffer, BufferData, Cond, CondData, ConditionalData, DType, Entity, Event,
    EventData, EventKind, Graph, GraphId, Group, Item, List, Mode, Module, Notify, NotifyData, Op, Operand,
    Scope, SliceDim, Space, Step, Stream, StreamData, Symbol, TargetSpec, TaskData, TensorType, Value, View,
};

use crate::names::Names;
use crate::target::TargetName;

/// How many names one declaration lists at most, for the sake of line lengths.
const NAMES_A_LINE: u32 = 8;

/// One line of a graph, with the number of what it was made from.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// A task.
    Task(TaskData),
    /// The header of a block.
    Open(Scope),
    /// Its end.
    Close,
    /// A comment.
    Comment(Symbol),
}

/// A graph as lines.
#[derive(Debug)]
pub(crate) struct DraftGraph {
    graph: Graph,
    names: Names,
    pub(crate) lines: Vec<(Line, Option<u32>)>,
    /// Comments above its header.
    pub(crate) above: Vec<Symbol>,
}

/// A module that is being put together.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) module: Module,
    names: Names,
    pub(crate) graphs: Vec<DraftGraph>,
    /// The host program, if it has lines.
    run: Body,
    /// Comments at the top.
    top: Vec<Symbol>,
    /// Comments behind the last line.
    pub(crate) end: Vec<Symbol>,
}

/// A module, and the number that each step of each graph was made from.
pub(crate) struct Finished {
    pub(crate) module: Module,
    pub(crate) sources: Vec<Vec<Option<u32>>>,
}

impl Draft {
    /// A text of the module.
    pub(crate) fn symbol(&mut self, text: &str) -> Symbol {
        self.module.symbols.intern(text)
    }

    /// A free name that reads like `text`.
    pub(crate) fn name(&mut self, text: &str) -> Symbol {
        self.names.take(&mut self.module.symbols, text)
    }

    /// A comment of one line, without characters that would end it.
    pub(crate) fn comment(&mut self, text: &str) -> Symbol {
        let mut line = String::with_capacity(text.len() + 1);
        line.push(' ');
        line.extend(text.chars().flat_map(|c| {
            let (plain, escaped) =
                if c.is_control() { (None, Some(c.escape_default())) } else { (Some(c), None) };
            plain.into_iter().chain(escaped.into_iter().flatten())
        }));
        self.symbol(&line)
    }

    /// Puts a comment above everything.
    pub(crate) fn top_comment(&mut self, text: &str) {
        let comment = self.comment(text);
        self.top.push(comment);
    }

    pub(crate) fn target(&mut self, target: &TargetName) {
        let profile = self.symbol(&target.profile);
        let cann = target.cann.as_deref().map(|cann| self.symbol(cann));
        self.module.target = Some(TargetSpec { profile, cann, hdk: None });
    }

    pub(crate) fn stream(&mut self, name: &str, data: impl FnOnce(Symbol) -> StreamData) -> Stream {
        let name = self.name(name);
        self.module.streams.push(data(name))
    }

    pub(crate) fn event(&mut self, name: &str, kind: EventKind) -> Event {
        let name = self.name(name);
        self.module.events.push(EventData { name, kind })
    }

    pub(crate) fn notify(&mut self, name: &str) -> Notify {
        let name = self.name(name);
        self.module.notifies.push(NotifyData { name })
    }

    pub(crate) fn buffer(&mut self, name: &str, space: Space, ty: TensorType) -> Buffer {
        let name = self.name(name);
        self.module.buffers.push(BufferData { name, space, ty, view: None })
    }

    /// A view of `base` as `ty`.
    pub(crate) fn view(&mut self, name: &str, base: Operand, ty: TensorType) -> Buffer {
        let name = self.name(name);
        let space = self.module.buffers[base.buffer].space;
        let view = Some(View { base, reinterpreted: true });
        self.module.buffers.push(BufferData { name, space, ty, view })
    }

    /// The type of a tensor.
    pub(crate) fn tensor(&mut self, dtype: DType, dims: &[u64]) -> TensorType {
        let dims = List::push_to(&mut self.module.dims, dims.iter().copied());
        TensorType::Tensor { dtype, dims }
    }

    /// A part of a buffer.
    pub(crate) fn slice(&mut self, buffer: Buffer, dims: &[SliceDim]) -> Operand {
        let dims = List::push_to(&mut self.module.slice_dims, dims.iter().copied());
        Operand { buffer, slice: Some(self.module.slices.push(dims)) }
    }

    pub(crate) fn operands(&mut self, operands: &[Operand]) -> List<Operand> {
        List::push_to(&mut self.module.operands, operands.iter().copied())
    }

    pub(crate) fn attributes(&mut self, attributes: &[(&str, Value)]) -> List<Attribute> {
        let start = self.module.attributes.len();
        for &(name, value) in attributes {
            let name = self.module.symbols.intern(name);
            self.module.attributes.push(Attribute { name, value });
        }
        List::since(&self.module.attributes, start)
    }

    /// The task that is the last line of a graph.
    pub(crate) fn last_task(&self, graph: GraphId) -> Option<TaskData> {
        match self.graphs[graph.index()].lines.last() {
            Some((Line::Task(task), _)) => Some(*task),
            _ => None,
        }
    }

    /// Puts another task in the place of the last line of a graph.
    pub(crate) fn replace_last_task(&mut self, graph: GraphId, task: TaskData) {
        if let Some((Line::Task(last), _)) = self.graphs[graph.index()].lines.last_mut() {
            *last = task;
        }
    }

    /// Whether a task has what the dump shows beside it.
    pub(crate) fn has_info(&self, task: &TaskData) -> bool {
        let info = self.module.symbols.find("info");
        task.attributes.of(&self.module.attributes).iter().any(|attribute| Some(attribute.name) == info)
    }

    /// Gives a task what the dump shows beside it.
    pub(crate) fn keep_info(&mut self, task: &mut TaskData, info: &str) {
        let mut attributes = task.attributes.of(&self.module.attributes).to_vec();
        let value = Value::Text(self.symbol(info));
        attributes.push(Attribute { name: self.symbol("info"), value });
        task.attributes = List::push_to(&mut self.module.attributes, attributes);
    }

    /// A task with one source and one destination.
    pub(crate) fn transfer(
        &mut self,
        op: Op,
        stream: Option<Stream>,
        from: Operand,
        to: Operand,
    ) -> TaskData {
        TaskData {
            inputs: self.operands(&[from]),
            outputs: self.operands(&[to]),
            ..TaskData::new(op, stream)
        }
    }

    /// A condition, its value and the line that makes it.
    pub(crate) fn condition(&mut self, name: &str, default: i64) -> (Cond, TaskData) {
        let cond = Cond::at(self.module.conds.len());
        let ty = self.tensor(DType::U64, &[]);
        let value = self.buffer(name, Space::Cond(cond), ty);
        let name = self.module.buffers[value].name;
        self.module.conds.push(CondData { name, value, default: Some(default), flag: None });
        (cond, TaskData::new(Op::Cond(cond), None))
    }

    /// A conditional task of a graph with one branch without tasks.
    pub(crate) fn conditional(&mut self, graph: GraphId, data: ConditionalData, branch: Stream) {
        let draft = &mut self.graphs[graph.index()];
        let mode = draft.graph.mode;
        let conditional = draft.graph.conditionals.push(data);
        let branch = draft.graph.branches.push(BranchData {
            conditional,
            number: 0,
            origin: branch,
            mode,
            span: SourceRange::default(),
            footer: SourceRange::default(),
        });
        for line in [
            Line::Open(Scope::Conditional(conditional)),
            Line::Open(Scope::Branch(branch)),
            Line::Close,
            Line::Close,
        ] {
            self.line(graph, line, None);
        }
    }

    /// Begins a graph, which is named later; its index is that of its [`GraphId`].
    pub(crate) fn graph(&mut self, origin: Stream, mode: Mode) -> GraphId {
        let name = self.symbol("");
        let id = GraphId::at(self.graphs.len());
        self.graphs.push(DraftGraph {
            graph: Graph::new(name, Some(origin), mode),
            names: Names::default(),
            lines: Vec::new(),
            above: Vec::new(),
        });
        id
    }

    /// Names a graph.
    pub(crate) fn name_graph(&mut self, graph: GraphId, name: &str) {
        self.graphs[graph.index()].graph.name = self.name(name);
    }

    /// A task group of a graph, which is named later.
    pub(crate) fn group(&mut self, graph: GraphId, stream: Stream) -> Group {
        let name = self.symbol("");
        self.graphs[graph.index()].graph.groups.push(GroupData { name, stream: Some(stream) })
    }

    /// Names a task group.
    pub(crate) fn name_group(&mut self, graph: GraphId, group: Group, name: &str) {
        let draft = &mut self.graphs[graph.index()];
        draft.graph.groups[group].name = draft.names.take(&mut self.module.symbols, name);
    }

    /// Adds a line to the host program.
    pub(crate) fn run(&mut self, data: TaskData) {
        self.run.push(data, SourceRange::default());
    }

    /// Adds a line to a graph.
    pub(crate) fn line(&mut self, graph: GraphId, line: Line, source: Option<u32>) {
        self.graphs[graph.index()].lines.push((line, source));
    }

    /// The module.
    pub(crate) fn finish(mut self) -> Finished {
        self.declare();
        let mut notes = Notes::default();
        notes.before(&self.top);
        if !self.top.is_empty() {
            notes.blank();
        }
        notes.line = self.module.items.len() as u32;
        let mut sources = Vec::with_capacity(self.graphs.len());
        for draft in std::mem::take(&mut self.graphs) {
            if notes.line > 0 {
                notes.blank();
            }
            notes.before(&draft.above);
            notes.line += 1;
            let (graph, from) = draft.finish(&mut notes);
            sources.push(from);
            let id = self.module.graphs.push(graph);
            self.module.items.push(Item::Graph(id));
        }
        if !self.run.steps.is_empty() {
            notes.blank();
            notes.line += self.run.steps.len() as u32 + 2;
            self.module.run = Some(std::mem::take(&mut self.run));
            self.module.items.push(Item::Run);
        }
        if !self.end.is_empty() && notes.line > 0 {
            notes.blank();
        }
        notes.before(&self.end);
        self.module.trivia.notes = notes.notes;
        Finished { module: self.module, sources }
    }

    /// One line for each run of equal declarations, kind by kind.
    fn declare(&mut self) {
        let Module { target, buffers, streams, events, notifies, items, .. } = &mut self.module;
        if target.is_some() {
            items.push(Item::Target);
        }
        let buffers = buffers.values().as_slice();
        let mut first = 0;
        while let Some(data) = buffers.get(first) {
            let id = Buffer::at(first);
            // The value of a condition is declared with it.
            if matches!(data.space, Space::Cond(_)) {
                first += 1;
                continue;
            }
            if data.view.is_some() {
                items.push(Item::View(id));
                first += 1;
                continue;
            }
            let alike =
                |other: &BufferData| other.view.is_none() && other.space == data.space && other.ty == data.ty;
            let count = run(&buffers[first..], alike);
            items.push(Item::Buffers { first: id, count });
            first += count as usize;
        }
        let alike = |one: &StreamData, other: &StreamData| *one == StreamData { name: one.name, ..*other };
        runs(streams.values().as_slice(), alike, |first, count| {
            items.push(Item::Streams { first: Stream::at(first), count });
        });
        runs(
            events.values().as_slice(),
            |one, other| one.kind == other.kind,
            |first, count| {
                items.push(Item::Events { first: Event::at(first), count });
            },
        );
        runs(
            notifies.values().as_slice(),
            |_, _| true,
            |first, count| {
                items.push(Item::Notifies { first: Notify::at(first), count });
            },
        );
    }
}

/// How many of the first declarations of `rest` fit on a line.
fn run<T>(rest: &[T], alike: impl Fn(&T) -> bool) -> u32 {
    rest.iter().take(NAMES_A_LINE as usize).take_while(|each| alike(each)).count().max(1) as u32
}

/// Cuts declarations into runs of equal ones.
fn runs<T>(all: &[T], alike: impl Fn(&T, &T) -> bool, mut line: impl FnMut(usize, u32)) {
    let mut first = 0;
    while let Some(one) = all.get(first) {
        let default = |other: &T| alike(one, other);
        let count = run(&all[first..], default);
        line(first, count);
        first += count as usize;
    }
}

/// Comments with the lines that they stand before.
#[derive(Default)]
struct Notes {
    line: u32,
    notes: Vec<Note>,
}

impl Notes {
    fn before(&mut self, comments: &[Symbol]) {
        self.notes
            .extend(comments.iter().map(|&text| Note { line: self.line, kind: NoteKind::Before(text) }));
    }

    fn blank(&mut self) {
        self.notes.push(Note { line: self.line, kind: NoteKind::Blank });
    }
}

impl DraftGraph {
    /// The graph, and what each of its steps was made from; leaves the count behind its last line.
    fn finish(self, notes: &mut Notes) -> (Graph, Vec<Option<u32>>) {
        let mut graph = self.graph;
        let mut sources = Vec::with_capacity(self.lines.len());
        for (line, source) in self.lines {
            match line {
                Line::Comment(text) => {
                    notes.before(&[text]);
                    continue;
                }
                Line::Task(data) => {
                    graph.push(data, SourceRange::default());
                }
                Line::Open(scope) => graph.steps.push(Step::Open(scope)),
                Line::Close => graph.steps.push(Step::Close),
            }
            sources.push(source);
            notes.line += 1;
        }
        notes.line += 1;
        (graph, sources)
    }
}
