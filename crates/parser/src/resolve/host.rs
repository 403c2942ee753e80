//! What belongs to the host program: what it declares, its calls, and which statements stand only in it.

use acg_ir::{
    Attribute, BufferData, CondData, DType, Declared, Entity, GeGraph, Item, List, OmModelData, Op, Operand,
    Space, TensorType, Value,
};

use super::blocks::Owner;
use super::names::{EXECUTABLE, MODEL, Meaning};
use super::{Resolved, Resolver, Stop};
use crate::check::{
    misplaced_statement, number_out_of_range, size_mismatch, unknown_name, wrong_argument, wrong_memory,
};
use crate::syntax::{HostNoun, OpSyntax, OperandSyntax, TaskSyntax, Text, Tree};

impl Resolver<'_> {
    pub(super) fn host_names(&mut self, noun: HostNoun, names: &[Text]) -> Resolved<()> {
        self.free_names(names)?;
        let count = names.len() as u32;
        let module = &self.module;
        let item = match noun {
            HostNoun::Thread => Item::Threads { first: Entity::at(module.threads.len()), count },
            HostNoun::Lock => Item::Locks { first: Entity::at(module.locks.len()), count },
            HostNoun::Context => Item::Contexts { first: Entity::at(module.contexts.len()), count },
        };
        for &name in names {
            let symbol = self.free_name(name)?;
            let declared = Declared { name: symbol };
            let meaning = match noun {
                HostNoun::Thread => Meaning::Thread(self.module.threads.push(declared)),
                HostNoun::Lock => Meaning::Lock(self.module.locks.push(declared)),
                HostNoun::Context => Meaning::Context(self.module.contexts.push(declared)),
            };
            self.declare(symbol, meaning, name);
        }
        self.module.items.push(item);
        Ok(())
    }

    pub(super) fn model(&mut self, name: Text, path: Text) -> Resolved<()> {
        let symbol = self.free_name(name)?;
        let path = self.quoted(path)?;
        let model = self.module.om_models.push(OmModelData { name: symbol, path });
        self.module.items.push(Item::Model(model));
        self.declare(symbol, Meaning::Model(model), name);
        Ok(())
    }

    /// Whether a line stands where its kind has a meaning.
    pub(super) fn belongs_here(&self, task: &TaskSyntax) -> Resolved<()> {
        if self.is_unknown() {
            return Ok(());
        }
        self.not_in_switch(task.head, "a task")?;
        let Some(owner) = self.owner() else { return Ok(()) };
        let span = self.span(task.head);
        let what = || format!("`{}`", first_word(self.source(task.head)));
        Err(match (Home::of(&task.op), owner) {
            (Home::Capture, Owner::Run) => misplaced_statement::only_in_graph(span, &what()),
            (Home::Run, Owner::Graph { .. }) => misplaced_statement::only_in_run(span, &what()),
            (Home::Capture | Home::Explicit, _) if self.is_auto() => {
                misplaced_statement::in_auto(span, &what())
            }
            _ if matches!(task.op, OpSyntax::Segment) && self.blocks.len() > 1 => {
                misplaced_statement::segment_in_block(span)
            }
            _ => return Ok(()),
        }
        .into())
    }

    /// Calls of the host program, and what makes conditional tasks and segments.
    pub(super) fn host_op(&mut self, tree: &Tree, op: OpSyntax) -> Resolved<Op> {
        Ok(match op {
            OpSyntax::Cond { name, default, flag } => self.condition(name, default, flag)?,
            op @ (OpSyntax::AddCond { .. }
            | OpSyntax::CaptureBegin { .. }
            | OpSyntax::CaptureEnd(_)
            | OpSyntax::GroupBegin
            | OpSyntax::GroupEnd(_)
            | OpSyntax::Call(_)) => self.bare_call(tree, op)?,
            OpSyntax::UpdateBegin(name) => Op::UpdateBegin(match self.source(name) {
                "null" => None,
                _ => Some(self.group_of(name)?),
            }),
            OpSyntax::UpdateEnd => Op::UpdateEnd,
            OpSyntax::Segment => Op::Segment,
            OpSyntax::Capture(name) => self.capture(name)?,
            OpSyntax::Execute(name) => self.execute(name)?,
            OpSyntax::Dump { graph, path, verbose } => match self.meaning(graph, EXECUTABLE)? {
                Meaning::Graph(graph) => Op::Dump { graph, path: self.quoted(path)?, verbose },
                Meaning::Handle(handle) => Op::DumpHandle { handle, path: self.quoted(path)?, verbose },
                _ => return Err(Stop::Poisoned),
            },
            OpSyntax::Init => Op::Init,
            OpSyntax::Print => Op::Print,
            OpSyntax::Expect => Op::Expect,
            OpSyntax::ExecuteModel(name) => Op::ExecuteModel(self.om_model(name)?),
            OpSyntax::ExecuteModelSync(name) => Op::ExecuteModelSync(self.om_model(name)?),
            OpSyntax::LoadModel(name) => Op::LoadModel(self.om_model(name)?),
            OpSyntax::UnloadModel(name) => Op::UnloadModel(self.om_model(name)?),
            OpSyntax::GeAdd { number, path, clone } => {
                Op::GeAdd { graph: self.ge_graph(number)?, path: self.quoted(path)?, clone }
            }
            OpSyntax::GeCompile(number) => Op::GeCompile(self.ge_graph(number)?),
            OpSyntax::GeLoad(number) => Op::GeLoad(self.ge_graph(number)?),
            OpSyntax::GeRun(number) => Op::GeRun(self.ge_graph(number)?),
            OpSyntax::GeRunSync(number) => Op::GeRunSync(self.ge_graph(number)?),
            OpSyntax::GeRemove(number) => Op::GeRemove(self.ge_graph(number)?),
            // All others are tasks of graphs as well.
            _ => return Err(Stop::Poisoned),
        })
    }

    /// `cond c default 0` declares the condition and the buffer that holds its value.
    fn condition(&mut self, name: Text, default: Option<i64>, flag: Option<u32>) -> Resolved<Op> {
        let symbol = self.free_name(name)?;
        let cond = Entity::at(self.module.conds.len());
        let ty = TensorType::Tensor { dtype: DType::U64, dims: List::default() };
        let data = BufferData { name: symbol, space: Space::Cond(cond), ty, view: None };
        let value = self.module.buffers.push(data);
        self.module.conds.push(CondData { name: symbol, value, default, flag });
        self.declare(symbol, Meaning::Buffer(value), name);
        Ok(Op::Cond(cond))
    }

    /// A conditional task without captures names its branches all the same, so there cannot be any number of them.
    pub(super) fn most_branches(&self, branches: u32) -> Resolved<u32> {
        const MOST: u32 = 4096;
        if branches <= MOST {
            return Ok(branches);
        }
        let limit = format!("a conditional task is written with at most {MOST} branches");
        Err(number_out_of_range::diagnostic(self.at.span(self.file), &branches.to_string(), &limit).into())
    }

    fn capture(&mut self, name: Text) -> Resolved<Op> {
        let graph = self.graph(name)?;
        match self.captured.insert(graph, name) {
            None => Ok(Op::Capture(graph)),
            Some(first) => {
                let (span, first) = (self.span(name), self.span(first));
                Err(misplaced_statement::second_capture(span, self.source(name), first).into())
            }
        }
    }

    /// A graph, or `GRAPH.NUMBER`: one of the models that `segment` splits it into.
    fn execute(&mut self, name: Text) -> Resolved<Op> {
        let text = self.source(name);
        let is_declared =
            |text: &str| self.module.symbols.find(text).is_some_and(|it| self.names.find(it).is_some());
        if let Some((graph, number)) = text.rsplit_once('.')
            && let Ok(segment) = number.parse::<u32>()
            && !is_declared(text)
        {
            let graph_name = Text { start: name.start, end: name.start + graph.len() as u32 };
            let id = self.graph(graph_name)?;
            let segments = self.segments.get(id.index()).copied().unwrap_or(1);
            if segments > 1 && (1..=segments).contains(&segment) {
                return Ok(Op::ExecuteSegment { graph: id, segment });
            }
            let declared = self.span(self.declaration_of(self.module.graphs[id].name));
            return Err(unknown_name::segment(self.span(name), text, graph, segments, declared).into());
        }
        match self.meaning(name, EXECUTABLE)? {
            Meaning::Graph(graph) => Ok(Op::Execute(graph)),
            Meaning::Handle(handle) => Ok(Op::ExecuteHandle(handle)),
            _ => Err(Stop::Poisoned),
        }
    }

    fn om_model(&mut self, name: Text) -> Resolved<acg_ir::OmModel> {
        match self.meaning(name, MODEL)? {
            Meaning::Model(model) => Ok(model),
            _ => Err(Stop::Poisoned),
        }
    }

    /// A graph of the session that the line stands in.
    fn ge_graph(&self, number: u32) -> Resolved<GeGraph> {
        match self.blocks.last().and_then(|block| block.session) {
            Some(session) => Ok(GeGraph { session, number }),
            None if self.is_unknown() => Err(Stop::Poisoned),
            None => Err(misplaced_statement::outside_session(self.at.span(self.file)).into()),
        }
    }

    /// The values of `init` and `expect`: a number or truth value for all elements, or a list with one for each.
    pub(super) fn host_values(
        &mut self,
        tree: &Tree,
        task: &TaskSyntax,
        data: &acg_ir::TaskData,
    ) -> Resolved<List<Attribute>> {
        let operands = if data.op == Op::Init { data.outputs } else { data.inputs };
        let mut values = Vec::with_capacity(task.arguments.len());
        for (at, syntax) in task.arguments.of(&tree.attributes).iter().enumerate() {
            let attribute = self.attribute(tree, syntax.name, syntax.text, syntax.value, true)?;
            let elements = operands.of(&self.module.operands).get(at).copied();
            let is_value = match attribute.value {
                Value::List(list) => list.of(&self.module.values).iter().all(is_number),
                value => is_number(&value),
            };
            if !is_value {
                let what = "anything but a number, a truth value, or a list of them";
                return Err(
                    wrong_argument::value(self.span(syntax.text), self.source(syntax.name), what).into()
                );
            }
            if let (Value::List(list), Some(operand)) = (attribute.value, elements) {
                self.one_for_each(*syntax, operand, list.len() as u64)?;
            }
            values.push(attribute);
        }
        Ok(List::push_to(&mut self.module.attributes, values))
    }

    fn one_for_each(
        &mut self,
        syntax: crate::syntax::AttributeSyntax,
        operand: Operand,
        given: u64,
    ) -> Resolved<()> {
        let ty = self.operand_type(operand);
        let elements: u64 = self.module.shape(&ty).iter().product();
        if elements == given {
            return Ok(());
        }
        let (span, name) = (self.span(syntax.text), self.source(syntax.name));
        Err(size_mismatch::values(span, name, elements, given).into())
    }

    /// The host program reads and writes its own memory.
    pub(super) fn on_host(
        &self,
        tree: &Tree,
        syntax: List<OperandSyntax>,
        operands: List<Operand>,
        call: &str,
    ) -> Resolved<()> {
        let operands = operands.of(&self.module.operands);
        for (syntax, &operand) in syntax.of(&tree.operands).iter().zip(operands) {
            if self.host_memory(operand).is_none() {
                let data = &self.module.buffers[operand.buffer];
                let declared = self.span(self.declaration_of(data.name));
                let (span, name) = (self.span(syntax.text), self.source(syntax.text));
                return Err(wrong_memory::device(span, call, name, declared).into());
            }
        }
        Ok(())
    }
}

/// Where lines of a kind may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Anywhere,
    /// In the host program and in graphs that are not `auto`.
    Explicit,
    /// In graphs that are not `auto`.
    Capture,
    /// In the host program.
    Run,
}

impl Home {
    fn of(op: &OpSyntax) -> Self {
        match op {
            OpSyntax::Segment => Self::Capture,
            OpSyntax::Cond { .. }
            | OpSyntax::AddCond { .. }
            | OpSyntax::UpdateBegin(_)
            | OpSyntax::UpdateEnd
            | OpSyntax::CaptureBegin { .. }
            | OpSyntax::CaptureEnd(_)
            | OpSyntax::GroupBegin
            | OpSyntax::GroupEnd(_)
            | OpSyntax::Call(_)
            | OpSyntax::Cache(_) => Self::Explicit,
            OpSyntax::Capture(_)
            | OpSyntax::Dump { .. }
            | OpSyntax::Init
            | OpSyntax::Print
            | OpSyntax::Expect
            | OpSyntax::ExecuteModel(_)
            | OpSyntax::ExecuteModelSync(_)
            | OpSyntax::LoadModel(_)
            | OpSyntax::UnloadModel(_)
            | OpSyntax::GeAdd { .. }
            | OpSyntax::GeCompile(_)
            | OpSyntax::GeLoad(_)
            | OpSyntax::GeRun(_)
            | OpSyntax::GeRunSync(_)
            | OpSyntax::GeRemove(_) => Self::Run,
            _ => Self::Anywhere,
        }
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(..) | Value::Bool(_))
}

fn first_word(text: &str) -> &str {
    text.split([' ', '\t']).next().unwrap_or("")
}
