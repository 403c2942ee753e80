//! Modules for the tests: one with every form, and generated ones.

use acg_ir::graph::SourceRange;
use acg_ir::list::List;
use acg_ir::task::{ArgumentForm, Attribute, Operand, SliceDim};
use acg_ir::{
    Buffer, BufferData, Compare, DType, DestroyTarget, Entity, Event, EventData, EventKind, Graph, GraphId,
    HostMemory, Mode, Module, Notify, NotifyData, Op, QueryTarget, ReduceKind, Scope, Space, Step, Stream,
    StreamData, SyncTarget, TaskData, TensorType, Value, View,
};
use acg_ir::{Group, Symbol, graph::GroupData};
use acg_operators::{Direction, Operator, Parameter, ParameterKind};
use proptest::prelude::*;

/// Builds a module line by line.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) module: Module,
}

#[allow(dead_code, reason = "each test file uses its part")]
impl Program {
    pub(crate) fn stream(&mut self, name: &str) -> Stream {
        self.stream_with(name, None, 0, false)
    }

    pub(crate) fn stream_with(
        &mut self,
        name: &str,
        priority: Option<u32>,
        flags: u32,
        subscribed: bool,
    ) -> Stream {
        let name = self.module.symbols.intern(name);
        self.module.streams.push(StreamData { name, is_default: false, priority, flags, subscribed })
    }

    pub(crate) fn default_stream(&mut self, name: &str) -> Stream {
        let stream = self.stream(name);
        self.module.streams[stream].is_default = true;
        stream
    }

    pub(crate) fn event(&mut self, name: &str, kind: EventKind) -> Event {
        let name = self.module.symbols.intern(name);
        self.module.events.push(EventData { name, kind })
    }

    pub(crate) fn notify(&mut self, name: &str) -> Notify {
        let name = self.module.symbols.intern(name);
        self.module.notifies.push(NotifyData { name })
    }

    pub(crate) fn buffer(&mut self, name: &str, space: Space, dtype: DType, dims: &[u64]) -> Buffer {
        let name = self.module.symbols.intern(name);
        let dims = List::push_to(&mut self.module.dims, dims.iter().copied());
        self.module.buffers.push(BufferData {
            name,
            space,
            ty: TensorType::Tensor { dtype, dims },
            view: None,
        })
    }

    pub(crate) fn view(
        &mut self,
        name: &str,
        base: Operand,
        dtype: DType,
        dims: &[u64],
        reinterpreted: bool,
    ) -> Buffer {
        let space = self.module.buffers[base.buffer].space;
        let view = self.buffer(name, space, dtype, dims);
        self.module.buffers[view].view = Some(View { base, reinterpreted });
        view
    }

    pub(crate) fn slice(&mut self, buffer: Buffer, dims: &[SliceDim]) -> Operand {
        let dims = List::push_to(&mut self.module.slice_dims, dims.iter().copied());
        Operand { buffer, slice: Some(self.module.slices.push(dims)) }
    }

    pub(crate) fn graph(&mut self, name: &str, origin: Option<Stream>, mode: Mode) -> GraphId {
        let name = self.module.symbols.intern(name);
        self.module.graphs.push(Graph::new(name, origin, mode))
    }

    pub(crate) fn group(&mut self, graph: GraphId, name: &str, stream: Stream) -> Group {
        let name = self.module.symbols.intern(name);
        self.module.graphs[graph].groups.push(GroupData { name, stream: Some(stream) })
    }

    pub(crate) fn open(&mut self, graph: GraphId, scope: Scope) {
        self.module.graphs[graph].steps.push(Step::Open(scope));
    }

    pub(crate) fn close(&mut self, graph: GraphId) {
        self.module.graphs[graph].steps.push(Step::Close);
    }

    pub(crate) fn named(&mut self, values: &[(&str, Value)]) -> List<Attribute> {
        let named: Vec<_> = values
            .iter()
            .map(|&(name, value)| Attribute { name: self.module.symbols.intern(name), value })
            .collect();
        List::push_to(&mut self.module.attributes, named)
    }

    pub(crate) fn text(&mut self, text: &str) -> Value {
        Value::Text(self.module.symbols.intern(text))
    }

    pub(crate) fn float(&mut self, text: &str) -> Value {
        Value::Float(text.parse().unwrap(), self.module.symbols.intern(text))
    }

    pub(crate) fn task(
        &mut self,
        graph: GraphId,
        stream: Option<Stream>,
        op: Op,
        from: &[Operand],
        to: &[Operand],
    ) {
        self.task_with(graph, stream, op, from, to, &[], &[], None);
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) fn task_with(
        &mut self,
        graph: GraphId,
        stream: Option<Stream>,
        op: Op,
        from: &[Operand],
        to: &[Operand],
        arguments: &[(&str, Value)],
        attributes: &[(&str, Value)],
        name: Option<&str>,
    ) {
        let mut data = TaskData::new(op, stream);
        data.inputs = List::push_to(&mut self.module.operands, from.iter().copied());
        data.outputs = List::push_to(&mut self.module.operands, to.iter().copied());
        let arguments = self.named(arguments);
        data.arguments = self.module.rare_lists.keep(arguments);
        data.attributes = self.named(attributes);
        data.name = name.map(|name| self.module.symbols.intern(name));
        self.module.graphs[graph].push(data, SourceRange::default());
    }

    /// Says how the inputs of the last task of a graph group into arguments.
    pub(crate) fn input_forms(&mut self, graph: GraphId, forms: &[ArgumentForm]) {
        let forms = List::push_to(&mut self.module.argument_forms, forms.iter().copied());
        let task = self.module.graphs[graph].tasks.keys().next_back().unwrap();
        self.module.graphs[graph].tasks[task].input_forms = self.module.rare_lists.keep(forms);
    }
}

/// An operator with a list of tensors.
const LIST: &str = "aclnnCat";

/// The whole of a buffer.
pub(crate) fn all(buffer: Buffer) -> Operand {
    Operand { buffer, slice: None }
}

/// An operator of the table.
pub(crate) fn operator(name: &str) -> Op {
    Op::Operator(Operator::find(name).unwrap_or_else(|| panic!("the table has no {name}")).id)
}

/// A module with every form of task, every kind of buffer, stream and event.
#[allow(dead_code, reason = "each test file uses its part")]
#[allow(clippy::many_single_char_names, reason = "the lines read like the program")]
pub(crate) fn every_form() -> Module {
    let mut p = Program::default();
    let device = |p: &mut Program, name: &str| p.buffer(name, Space::Device, DType::F32, &[4, 2]);
    let host = |p: &mut Program, name: &str, memory| p.buffer(name, Space::Host(memory), DType::F32, &[4, 2]);
    let (x, y, out) = (device(&mut p, "self"), device(&mut p, "other"), device(&mut p, "out.1"));
    let temp = p.buffer("class", Space::Temp, DType::F32, &[4, 2]);
    let pinned = host(&mut p, "größe", HostMemory::Pinned);
    let registered = host(&mut p, "registered", HostMemory::Registered);
    let pageable = host(&mut p, "NULL", HostMemory::Pageable);
    let flag = p.buffer("flag", Space::Device, DType::U64, &[2]);
    let column = p.slice(x, &[SliceDim::All, SliceDim::At(1)]);
    let row = p.slice(y, &[SliceDim::At(2)]);
    let second = p.slice(flag, &[SliceDim::At(1)]);
    let halves = p.view("halves", all(x), DType::F16, &[16], true);
    let (main, side) = (p.stream("main"), p.stream_with("side", Some(3), 1, true));
    let default = p.default_stream("none");
    let forked = p.event("forked", EventKind::Ex(1));
    let joined = p.event("joined", EventKind::Ex(1));
    let old = p.event("old", EventKind::Legacy);
    let timed = p.event("timed", EventKind::WithFlag(8));
    let done = p.notify("done");
    let add = p.graph("add", Some(main), Mode::ThreadLocal);
    let (m, s) = (Some(main), Some(side));
    p.task_with(add, m, Op::Copy, &[all(pinned)], &[all(x)], &[], &[], Some("up"));
    p.open(add, Scope::Relaxed);
    p.task(add, None, Op::CopySync, &[all(pageable)], &[all(y)]);
    p.task(add, None, Op::FillSync(1), &[], &[all(out)]);
    p.close(add);
    p.task(add, m, Op::Fill(0), &[], &[all(temp)]);
    let half = p.slice(pinned, &[SliceDim::Range(0, 2)]);
    p.task(add, m, Op::Copy, &[column], &[half]);
    p.task(add, m, Op::Copy2d, &[all(x)], &[all(temp)]);
    p.task(add, m, Op::CopyBatch, &[all(registered), all(x), all(y)], &[all(y), all(temp), all(out)]);
    p.task(add, m, Op::Reduce(ReduceKind::Max), &[all(x)], &[all(y)]);
    p.task(add, m, Op::Record { event: forked, external: false }, &[], &[]);
    p.open(add, Scope::Stream(side));
    p.task(add, s, Op::Wait { event: forked, external: false }, &[], &[]);
    let alpha = p.float("1.1");
    p.task_with(
        add,
        s,
        operator("aclnnAdd"),
        &[all(x), all(y)],
        &[all(out)],
        &[("alpha", alpha)],
        &[],
        Some("sum"),
    );
    let (kernel, batch) = (p.text("Add_\"ab\"\n12"), Value::Word(p.module.symbols.intern("batch")));
    let attributes =
        [("kernel", kernel), ("blocks", Value::Int(8)), ("schem", batch), ("workspace", Value::Size(64))];
    p.task_with(add, s, operator("aclnnAdd"), &[column, all(y)], &[all(out)], &[], &attributes, None);
    p.task(add, s, Op::Record { event: joined, external: false }, &[], &[]);
    p.close(add);
    p.task_with(
        add,
        m,
        Op::Wait { event: joined, external: false },
        &[],
        &[],
        &[],
        &[("timeout", Value::Int(100))],
        None,
    );
    if Operator::find(LIST).is_some() {
        let both = p.buffer("both", Space::Device, DType::F32, &[8, 2]);
        p.task(add, m, operator(LIST), &[all(x), all(y)], &[all(both)]);
        p.input_forms(add, &[ArgumentForm::Many(2)]);
    }
    let group = p.group(add, "tail", main);
    p.open(add, Scope::Group(group));
    let name = p.module.symbols.intern("My \\Kernel\"");
    let scale = p.float("0.5");
    let scalars =
        [("n", Value::Int(-3)), ("scale", scale), ("flip", Value::Bool(true)), ("more", Value::Operand(row))];
    let attributes = [("blocks", Value::Int(24)), ("schem", batch), ("ration", Value::Int(2))];
    p.task_with(add, m, Op::Kernel(name), &[all(halves), all(x)], &[all(out)], &scalars, &attributes, None);
    p.task(add, m, Op::Kernel(name), &[], &[]);
    p.close(add);
    p.task(add, m, Op::Record { event: forked, external: true }, &[], &[]);
    p.task(add, m, Op::Wait { event: forked, external: true }, &[], &[]);
    p.task(add, m, Op::Reset(old), &[], &[]);
    p.task(add, m, Op::RecordNotify(done), &[], &[]);
    p.task(add, m, Op::WaitNotify(done), &[], &[]);
    p.task(add, m, Op::WriteValue(7), &[], &[second]);
    for compare in [Compare::GreaterEqual, Compare::Equal, Compare::And, Compare::Nor] {
        p.task(add, m, Op::WaitValue(compare, 7), &[second], &[]);
    }
    let function = p.module.symbols.intern("on.done");
    p.task(add, s, Op::Callback { function, block: true }, &[], &[]);
    p.task(add, s, Op::Callback { function, block: false }, &[], &[]);
    p.task(add, s, Op::HostFunc(function), &[], &[]);
    for target in
        [SyncTarget::Stream(main), SyncTarget::Stream(default), SyncTarget::Event(old), SyncTarget::Device]
    {
        p.task(add, None, Op::Sync(target), &[], &[]);
        p.task_with(add, None, Op::Sync(target), &[], &[], &[], &[("timeout", Value::Int(5))], None);
    }
    p.task(add, None, Op::Query(QueryTarget::Stream(side)), &[], &[]);
    p.task(add, None, Op::Query(QueryTarget::Event(old)), &[], &[]);
    p.task(add, None, Op::Elapsed(timed, old), &[], &[]);
    p.task(add, None, Op::Exchange(Mode::ThreadLocal), &[], &[]);
    let again = p.graph("add.2", Some(side), Mode::Relaxed);
    p.task(again, s, operator("aclnnInplaceAdd"), &[all(x), all(y)], &[all(x)]);
    p.task(again, m, Op::Execute(add), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Graph(add)), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Event(old)), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Notify(done)), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Buffer(registered)), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Buffer(temp)), &[], &[]);
    p.task(again, None, Op::Destroy(DestroyTarget::Stream(main)), &[], &[]);
    p.module
}

/// A generated module: any tasks on any streams, in blocks that close.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) fn generated() -> impl Strategy<Value = Module> {
    let name = prop_oneof!["[a-e]", "[a-c][.][0-9]", "(new|int|流|é|_|model)"];
    let names = proptest::collection::btree_set(name, 6..12);
    let choices = proptest::collection::vec((0u8..30, 0usize..64, 0usize..64), 0..60);
    (names, choices, 1usize..3).prop_map(|(names, choices, graphs)| {
        let names: Vec<_> = names.into_iter().collect();
        assemble(&names, &choices, graphs)
    })
}

fn assemble(names: &[String], choices: &[(u8, usize, usize)], graphs: usize) -> Module {
    let mut p = Program::default();
    let spaces =
        [Space::Device, Space::Temp, Space::Host(HostMemory::Pinned), Space::Host(HostMemory::Registered)];
    let mut names = names.iter().map(String::as_str);
    let streams: Vec<_> = names.by_ref().take(2).map(|name| p.stream(name)).collect();
    let events: Vec<_> = names.by_ref().take(2).map(|name| p.event(name, EventKind::Ex(1))).collect();
    let buffers: Vec<_> =
        names.enumerate().map(|(n, name)| p.buffer(name, spaces[n % 4], DType::F32, &[4, 2])).collect();
    let pick = |at: usize| all(buffers[at % buffers.len()]);
    for number in 0..graphs {
        let graph = p.graph(&format!("graph.{number}"), Some(streams[0]), Mode::Global);
        let mut depth = 0;
        for &(what, left, right) in choices {
            let stream = Some(streams[left % 2]);
            let event = events[right % 2];
            let row =
                p.slice(buffers[left % buffers.len()], &[SliceDim::All, SliceDim::At(right as u64 % 2)]);
            let other = p.slice(buffers[right % buffers.len()], &[SliceDim::At(1), SliceDim::All]);
            match what {
                0..=3 => p.task(graph, stream, Op::Copy, &[pick(left)], &[pick(right)]),
                4 => p.task(graph, None, Op::CopySync, &[pick(left)], &[pick(right)]),
                5 => p.task(graph, stream, Op::Copy2d, &[row], &[row]),
                6 => p.task(graph, stream, Op::CopyBatch, &[pick(left), other], &[pick(right), other]),
                7 => p.task(graph, stream, Op::Fill(left as u8), &[], &[pick(right)]),
                8 => p.task(graph, stream, Op::Fill(1), &[], &[row]),
                9..=12 => p.task(graph, stream, operator("aclnnAdd"), &[pick(left), row], &[pick(right)]),
                13 => p.task(graph, stream, operator("aclnnInplaceAdd"), &[pick(left), row], &[pick(left)]),
                14..=16 => {
                    let name = p.module.symbols.intern(["k", "näme{", "a b,\n\""][right % 3]);
                    p.task(graph, stream, Op::Kernel(name), &[pick(left), row], &[pick(right)]);
                }
                17..=19 => p.task(graph, stream, Op::Record { event, external: right > 60 }, &[], &[]),
                20..=22 => p.task(graph, stream, Op::Wait { event, external: right > 60 }, &[], &[]),
                23 => p.task(graph, None, Op::Sync(SyncTarget::Event(event)), &[], &[]),
                24 => p.task(graph, None, Op::Exchange(Mode::Relaxed), &[], &[]),
                25 => {
                    let group = p.group(graph, &format!("group.{depth}"), streams[left % 2]);
                    p.open(graph, Scope::Group(group));
                    depth += 1;
                }
                26 => {
                    p.open(graph, Scope::Relaxed);
                    depth += 1;
                }
                27 | 28 if depth > 0 => {
                    p.close(graph);
                    depth -= 1;
                }
                27 | 28 => {}
                _ => p.task(graph, stream, operator("aclnnAdd"), &[row], &[]),
            }
        }
        for _ in 0..depth {
            p.close(graph);
        }
    }
    p.module
}

/// A module that calls every operator of the table, once with what it must have and once with all that it may have.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) fn every_operator() -> Module {
    let mut p = Program::default();
    let x = p.buffer("x", Space::Device, DType::F32, &[4, 2]);
    let column = p.slice(x, &[SliceDim::All, SliceDim::At(1)]);
    let main = p.stream("main");
    let graph = p.graph("all", Some(main), Mode::Global);
    for operator in acg_operators::operators() {
        let op = Op::Operator(operator.id);
        let inputs = vec![column; operator.inputs().count()];
        // What is overwritten in place is written as it is read.
        let written = |result: &Parameter| {
            if result.direction == Direction::InOut && result.is_positional() { column } else { all(x) }
        };
        let required = operator.results().filter(|(_, result)| !result.optional);
        let required: Vec<_> = required.map(|(_, result)| written(result)).collect();
        p.task(graph, Some(main), op, &inputs, &required);
        let values: Vec<_> =
            operator.attributes().map(|(_, it)| (it.name.as_str(), value_for(&mut p, it.kind, x))).collect();
        let results: Vec<_> = operator.results().map(|(_, result)| written(result)).collect();
        p.task_with(graph, Some(main), op, &inputs, &results, &values, &[], None);
    }
    p.module
}

fn value_for(p: &mut Program, kind: ParameterKind, buffer: Buffer) -> Value {
    let tiny = p.float("1e-40");
    let mut list =
        |values: &[Value]| Value::List(List::push_to(&mut p.module.values, values.iter().copied()));
    match kind {
        ParameterKind::Tensor | ParameterKind::TensorList => Value::Operand(all(buffer)),
        ParameterKind::Scalar | ParameterKind::Float => Value::Float(f64::INFINITY, Symbol::at(0)),
        ParameterKind::ScalarList => list(&[Value::Int(1), tiny, Value::Bool(true)]),
        ParameterKind::IntArray => list(&[Value::Int(i64::MIN), Value::Int(1)]),
        ParameterKind::FloatArray => list(&[tiny, Value::Float(1e300, Symbol::at(0))]),
        ParameterKind::BoolArray => list(&[Value::Bool(true), Value::Bool(false)]),
        ParameterKind::Int => Value::Int(2),
        ParameterKind::Double => Value::Float(f64::NAN, Symbol::at(0)),
        ParameterKind::Bool => Value::Bool(true),
        ParameterKind::Text => p.text("a\\\"b"),
        ParameterKind::DType => Value::DType(DType::Bf16),
    }
}

/// A legal program with one of everything that is cleaned up: two streams, a relaxed block, a group, a workspace.
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) fn cross_stream() -> Module {
    let mut p = Program::default();
    let device = |p: &mut Program, name: &str| p.buffer(name, Space::Device, DType::F32, &[4, 2]);
    let (left, right, out) = (device(&mut p, "self"), device(&mut p, "other"), device(&mut p, "out"));
    let pinned = p.buffer("self_h", Space::Host(HostMemory::Pinned), DType::F32, &[4, 2]);
    let registered = p.buffer("other_h", Space::Host(HostMemory::Registered), DType::F32, &[4, 2]);
    let main = p.stream("main");
    let side = p.stream_with("side", None, 0, true);
    let (forked, joined) = (p.event("forked", EventKind::Ex(1)), p.event("joined", EventKind::Ex(1)));
    p.notify("done");
    let graph = p.graph("add", Some(main), Mode::Global);
    let (on_main, on_side) = (Some(main), Some(side));
    p.task(graph, on_main, Op::Copy, &[all(pinned)], &[all(left)]);
    p.open(graph, Scope::Relaxed);
    p.task(graph, None, Op::CopySync, &[all(registered)], &[all(right)]);
    p.close(graph);
    p.task(graph, on_main, Op::Record { event: forked, external: false }, &[], &[]);
    p.task(graph, on_side, Op::Wait { event: forked, external: false }, &[], &[]);
    let workspace = [("workspace", Value::Size(64))];
    p.task_with(
        graph,
        on_side,
        operator("aclnnAdd"),
        &[all(left), all(right)],
        &[all(out)],
        &[],
        &workspace,
        None,
    );
    p.task(graph, on_side, Op::Record { event: joined, external: false }, &[], &[]);
    p.task(graph, on_main, Op::Wait { event: joined, external: false }, &[], &[]);
    let group = p.group(graph, "tail", main);
    p.open(graph, Scope::Group(group));
    let name = p.module.symbols.intern("Scale");
    p.task(graph, on_main, Op::Kernel(name), &[all(out)], &[all(out)]);
    p.close(graph);
    p.task(graph, on_main, Op::Copy, &[all(out)], &[all(pinned)]);
    p.module
}
