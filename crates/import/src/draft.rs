//! A module that is being put together: declarations with free names, bodies line by line, comments between lines.
//!
//! Bodies are kept as lines until [`Draft::finish`], because a line's comment is numbered by all lines before it, and because
//! later lines can tell what an earlier one was.

mod body;
mod declare;
mod sheet;

use acg_ir::graph::GroupData;
use acg_ir::{
    Arena, Attribute, Body, BodyId, Buffer, BufferData, Cond, CondData, DType, Declared, Entity, Event,
    EventData, EventKind, Graph, GraphId, Group, Handle, List, Mode, Module, Notify, NotifyData, Op, Operand,
    SliceDim, Space, Stream, StreamData, Symbol, TargetSpec, TaskData, TensorType, Thread, Value, View,
};
use rustc_hash::FxHashMap;

use crate::names::Names;
use crate::target::TargetName;
pub(crate) use body::Finished;
pub(crate) use sheet::{BranchCapture, BranchDraft, DraftBranch, Line, MAIN_THREAD, Sheet, Written};

/// A graph as lines.
#[derive(Debug)]
pub(crate) struct DraftGraph {
    graph: Graph,
    names: Names,
    sheet: Sheet,
    /// The thread that captures it.
    thread: u32,
    /// Comments above its header.
    pub(crate) above: Vec<Symbol>,
}

/// A module that is being put together.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) module: Module,
    names: Names,
    /// Buffers that are no views, by their names.
    buffers: FxHashMap<Symbol, Buffer>,
    pub(crate) graphs: Vec<DraftGraph>,
    /// The host program, and its lines if it has some.
    run: Body,
    run_names: Names,
    run_sheet: Option<Sheet>,
    sheets: Arena<Sheet, Vec<Written>>,
    /// Lines that come before others of a sheet.
    inserted: FxHashMap<Sheet, Vec<(usize, Written)>>,
    /// The branches of all conditional tasks, and where those of unfolded bodies are in them.
    pub(crate) branches: Arena<DraftBranch, BranchDraft>,
    pub(crate) placed: FxHashMap<DraftBranch, acg_ir::Branch>,
    /// Host threads, by the numbers that logs give them.
    threads: FxHashMap<u32, Thread>,
    /// Comments at the top.
    top: Vec<Symbol>,
    /// Comments behind the last line.
    pub(crate) end: Vec<Symbol>,
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
        let buffer = self.module.buffers.push(BufferData { name, space, ty, view: None });
        self.buffers.insert(name, buffer);
        buffer
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

    /// The task that is the last line of a sheet, if a thread makes its call.
    pub(crate) fn last_task(&self, sheet: Sheet, thread: u32) -> Option<TaskData> {
        match self.sheets[sheet].last() {
            Some(&Written { line: Line::Task(task), thread: own, .. }) if own == thread => Some(task),
            _ => None,
        }
    }

    /// Puts another task in the place of the last line of a sheet.
    pub(crate) fn replace_last_task(&mut self, sheet: Sheet, task: TaskData) {
        if let Some(Written { line: Line::Task(last), .. }) = self.sheets[sheet].last_mut() {
            *last = task;
        }
    }

    /// The line at which a sheet is.
    pub(crate) fn length(&self, sheet: Sheet) -> usize {
        self.sheets[sheet].len()
    }

    /// Gives a task what the dump shows beside it, in place of what it had.
    pub(crate) fn keep_info(&mut self, task: &mut TaskData, info: &str) {
        let mut attributes = task.attributes.of(&self.module.attributes).to_vec();
        let name = self.symbol("info");
        attributes.retain(|attribute| attribute.name != name);
        let value = Value::Text(self.symbol(info));
        attributes.push(Attribute { name, value });
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
    pub(crate) fn condition(
        &mut self,
        name: &str,
        default: Option<i64>,
        flag: Option<u32>,
    ) -> (Cond, TaskData) {
        let cond = Cond::at(self.module.conds.len());
        let ty = self.tensor(DType::U64, &[]);
        let value = self.buffer(name, Space::Cond(cond), ty);
        let name = self.module.buffers[value].name;
        self.module.conds.push(CondData { name, value, default, flag });
        (cond, TaskData::new(Op::Cond(cond), None))
    }

    /// A host thread, by the number that logs give it.
    pub(crate) fn thread(&mut self, number: u32) -> Thread {
        if let Some(&thread) = self.threads.get(&number) {
            return thread;
        }
        let name = self.name(&format!("t{number}"));
        let thread = self.module.threads.push(Declared { name });
        self.threads.insert(number, thread);
        thread
    }

    /// Begins a graph that `thread` captures, which is named later; its index is that of its [`GraphId`].
    pub(crate) fn graph(&mut self, origin: Stream, mode: Mode, thread: u32) -> GraphId {
        let name = self.symbol("");
        let id = GraphId::at(self.graphs.len());
        self.graphs.push(DraftGraph {
            graph: Graph::new(name, Some(origin), mode),
            names: Names::default(),
            sheet: self.sheets.push(Vec::new()),
            thread,
            above: Vec::new(),
        });
        id
    }

    /// The lines of a graph outside of branches.
    pub(crate) fn sheet_of(&self, graph: GraphId) -> Sheet {
        self.graphs[graph.index()].sheet
    }

    /// The lines of the host program.
    pub(crate) fn run_sheet(&mut self) -> Sheet {
        *self.run_sheet.get_or_insert_with(|| self.sheets.push(Vec::new()))
    }

    /// Names a graph.
    pub(crate) fn name_graph(&mut self, graph: GraphId, name: &str) {
        self.graphs[graph.index()].graph.name = self.name(name);
    }

    /// A graph that calls make.
    pub(crate) fn handle(&mut self, name: &str) -> Handle {
        let name = self.name(name);
        self.module.handles.push(Declared { name })
    }

    /// The buffer that is called `name`.
    pub(crate) fn buffer_named(&self, name: &str) -> Option<Buffer> {
        self.buffers.get(&self.module.symbols.find(name)?).copied()
    }

    /// The name of a graph whose capture has ended.
    pub(crate) fn graph_name(&self, graph: GraphId) -> Symbol {
        self.graphs[graph.index()].graph.name
    }

    /// The name of a task group.
    pub(crate) fn group_name(&self, body: BodyId, group: Group) -> Symbol {
        let body = match body {
            BodyId::Graph(graph) => &self.graphs[graph.index()].graph.body,
            BodyId::Run => &self.run,
        };
        body.groups[group].name
    }

    /// Whether something of the file has a name.
    pub(crate) fn is_taken(&self, name: Symbol) -> bool {
        self.names.is_taken(name)
    }

    /// A task group of a body.
    pub(crate) fn group(&mut self, body: BodyId, stream: Stream, name: &str) -> Group {
        let names = match body {
            BodyId::Graph(graph) => &mut self.graphs[graph.index()].names,
            BodyId::Run => &mut self.run_names,
        };
        let name = names.take(&mut self.module.symbols, name);
        self.body(body).groups.push(GroupData { name, stream: Some(stream) })
    }

    /// A body without its lines.
    pub(crate) fn body(&mut self, id: BodyId) -> &mut Body {
        match id {
            BodyId::Graph(graph) => &mut self.graphs[graph.index()].graph.body,
            BodyId::Run => &mut self.run,
        }
    }

    /// Adds a task to the host program.
    pub(crate) fn run(&mut self, data: TaskData) {
        let sheet = self.run_sheet();
        self.write(sheet, Line::Task(data), None, MAIN_THREAD);
    }
}
