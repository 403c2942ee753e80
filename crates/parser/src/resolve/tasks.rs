//! Tasks and calls: what each line does, on which stream, and what follows it.

use acg_ir::task_attribute::{self, Form};
use acg_ir::{
    ArgumentForm, DestroyTarget, HostMemory, List, Op, QueryTarget, RareList, SyncTarget, TaskData, Value,
};
use acg_operators::Operator;

use super::names::{DESTROYABLE, Meaning, SIGNAL};
use super::{Resolved, Resolver, Stop};
use crate::check::{
    misplaced_statement, needless_stream, size_mismatch, strided_region, unknown_operator, wrong_argument,
    wrong_attribute, wrong_kind_of_name, wrong_memory,
};
use crate::syntax::{AttributeSyntax, OpSyntax, OperandSyntax, TaskSyntax, Text, Tree};

impl Resolver<'_> {
    pub(super) fn task(&mut self, tree: &Tree, text: Text, task: &TaskSyntax) -> Resolved<()> {
        if self.blocks.is_empty() {
            return Err(misplaced_statement::task_outside(self.span(text)).into());
        }
        let data = self.task_data(tree, task);
        if let (Err(_), Some(name)) = (&data, task.name) {
            // The name of a task that was reported is there for those that run after it.
            let symbol = self.module.symbols.intern(self.source(name));
            self.task_names.entry(symbol).or_insert((name, true));
        }
        if let (Err(_), OpSyntax::Cond { name, .. }) = (&data, task.op) {
            self.poison(name);
        }
        let data = data?;
        if let Some(open) = &mut self.body {
            open.body.push(data, text.into());
        }
        Ok(())
    }

    fn task_data(&mut self, tree: &Tree, task: &TaskSyntax) -> Resolved<TaskData> {
        self.belongs_here(task)?;
        let op = self.op(tree, task.op)?;
        let stream = self.task_stream(task, &op)?;
        let inputs = match task.op {
            OpSyntax::Call(text) => self.named_buffers(text),
            _ => self.operands(tree, task.inputs)?,
        };
        let outputs = self.operands(tree, task.outputs)?;
        let mut data = TaskData { inputs, outputs, ..TaskData::new(op, stream) };
        data.input_forms = self.forms(task.input_forms.of(&tree.forms));
        data.output_forms = self.forms(task.output_forms.of(&tree.forms));
        let arguments = match op {
            Op::Init | Op::Expect => self.host_values(tree, task, &data)?,
            _ => self.arguments(tree, task)?,
        };
        data.arguments = self.module.rare_lists.keep(arguments);
        self.check_task(tree, task, &data)?;
        data.attributes = self.task_attributes(tree, task.attributes, &op)?;
        let after = self.after(tree, task.after)?;
        data.after = self.module.rare_lists.keep(after);
        data.name = task.name.map(|name| self.task_name(name, true)).transpose()?;
        Ok(data)
    }

    fn forms(&mut self, forms: &[ArgumentForm]) -> RareList<ArgumentForm> {
        let forms = List::push_to(&mut self.module.argument_forms, forms.iter().copied());
        self.module.rare_lists.keep(forms)
    }

    fn op(&mut self, tree: &Tree, op: OpSyntax) -> Resolved<Op> {
        Ok(match op {
            OpSyntax::Copy => Op::Copy,
            OpSyntax::CopySync => Op::CopySync,
            OpSyntax::Copy2d => Op::Copy2d,
            OpSyntax::CopyBatch => Op::CopyBatch,
            OpSyntax::Fill(byte) => Op::Fill(byte),
            OpSyntax::FillSync(byte) => Op::FillSync(byte),
            OpSyntax::Reduce(kind) => Op::Reduce(kind),
            OpSyntax::Cache(kind) => Op::Cache(kind),
            OpSyntax::Operator(name) => match Operator::find(self.source(name)) {
                Some(operator) => Op::Operator(operator.id),
                None => return Err(unknown_operator::diagnostic(self.span(name), self.source(name)).into()),
            },
            OpSyntax::Kernel(name) => Op::Kernel(self.quoted(name)?),
            OpSyntax::Record { name, external } => match self.signal(name, external)? {
                Meaning::Notify(notify) => Op::RecordNotify(notify),
                Meaning::Event(event) => Op::Record { event, external },
                _ => return Err(Stop::Poisoned),
            },
            OpSyntax::Wait { name, external } => match self.signal(name, external)? {
                Meaning::Notify(notify) => Op::WaitNotify(notify),
                Meaning::Event(event) => Op::Wait { event, external },
                _ => return Err(Stop::Poisoned),
            },
            OpSyntax::Reset(name) => Op::Reset(self.event(name)?),
            OpSyntax::WriteValue(value) => Op::WriteValue(value),
            OpSyntax::WaitValue(compare, value) => Op::WaitValue(compare, value),
            OpSyntax::Callback { function, block } => {
                Op::Callback { function: self.module.symbols.intern(self.source(function)), block }
            }
            OpSyntax::HostFunc(function) => Op::HostFunc(self.module.symbols.intern(self.source(function))),
            OpSyntax::SyncDevice => Op::Sync(SyncTarget::Device),
            OpSyntax::SyncEvent(name) => Op::Sync(SyncTarget::Event(self.event(name)?)),
            OpSyntax::SyncStream(name) => Op::Sync(SyncTarget::Stream(self.stream(name)?)),
            OpSyntax::QueryEvent(name) => Op::Query(QueryTarget::Event(self.event(name)?)),
            OpSyntax::QueryStream(name) => Op::Query(QueryTarget::Stream(self.stream(name)?)),
            OpSyntax::Elapsed(start, end) => Op::Elapsed(self.event(start)?, self.event(end)?),
            OpSyntax::Destroy(name) => Op::Destroy(match self.meaning(name, DESTROYABLE)? {
                Meaning::Stream(stream) => DestroyTarget::Stream(stream),
                Meaning::Event(event) => DestroyTarget::Event(event),
                Meaning::Notify(notify) => DestroyTarget::Notify(notify),
                Meaning::Buffer(buffer) => DestroyTarget::Buffer(buffer),
                Meaning::Graph(graph) => DestroyTarget::Graph(graph),
                Meaning::Handle(handle) => DestroyTarget::Handle(handle),
                _ => return Err(Stop::Poisoned),
            }),
            OpSyntax::Exchange(mode) => Op::Exchange(mode),
            op => self.host_op(tree, op)?,
        })
    }

    /// An event or a notify; only events have external records and waits.
    fn signal(&mut self, name: Text, external: bool) -> Resolved<Meaning> {
        let meaning = self.meaning(name, SIGNAL)?;
        if external && matches!(meaning, Meaning::Notify(_)) {
            let symbol = self.module.symbols.intern(self.source(name));
            let declared = self.span(self.declaration_of(symbol));
            let (span, text) = (self.span(name), self.source(name));
            return Err(wrong_kind_of_name::diagnostic(span, text, "a notify", "an event", declared).into());
        }
        Ok(meaning)
    }

    fn task_stream(&mut self, task: &TaskSyntax, op: &Op) -> Resolved<Option<acg_ir::Stream>> {
        if op.takes_stream() {
            return self.stream_of(task.head, task.stream);
        }
        match task.stream {
            None => Ok(None),
            Some(stream) => {
                let call = self.source(task.head).split([' ', '\t']).next().unwrap_or("");
                Err(needless_stream::call(self.span(stream), self.source(stream), call).into())
            }
        }
    }

    fn arguments(&mut self, tree: &Tree, task: &TaskSyntax) -> Resolved<List<acg_ir::Attribute>> {
        let start = self.module.attributes.len();
        let arguments = task.arguments.of(&tree.attributes);
        for (at, argument) in arguments.iter().enumerate() {
            self.not_twice(arguments, at, wrong_argument::twice)?;
            let attribute = self.attribute(tree, argument.name, argument.text, argument.value, false)?;
            if matches!(attribute.value, Value::Size(_) | Value::Duration(_)) {
                let what = if matches!(attribute.value, Value::Size(_)) { "a size" } else { "a duration" };
                let name = self.source(argument.name);
                return Err(wrong_argument::value(self.span(argument.text), name, what).into());
            }
            if matches!(task.op, OpSyntax::Kernel(_)) && self.names_tensor(attribute.value) {
                let what = "a tensor: kernels take tensors by position";
                return Err(wrong_argument::value(
                    self.span(argument.text),
                    self.source(argument.name),
                    what,
                )
                .into());
            }
            self.module.attributes.push(attribute);
        }
        Ok(List::since(&self.module.attributes, start))
    }

    /// Whether a value is a tensor or a list with one in it.
    fn names_tensor(&self, value: Value) -> bool {
        match value {
            Value::Operand(_) => true,
            Value::List(list) => {
                list.of(&self.module.values).iter().any(|element| matches!(element, Value::Operand(_)))
            }
            _ => false,
        }
    }

    /// Argument `at` must not be given before; more arguments than any call has are not all compared.
    fn not_twice(
        &self,
        arguments: &[AttributeSyntax],
        at: usize,
        twice: fn(acg_diagnostics::Span, &str) -> acg_diagnostics::Diagnostic,
    ) -> Resolved<()> {
        let name = arguments[at].name;
        let is_same = |other: Text| other.len() == name.len() && self.source(other) == self.source(name);
        if arguments[..at.min(64)].iter().any(|before| is_same(before.name)) {
            return Err(twice(self.span(name), self.source(name)).into());
        }
        Ok(())
    }

    fn task_attributes(
        &mut self,
        tree: &Tree,
        attributes: List<AttributeSyntax>,
        op: &Op,
    ) -> Resolved<List<acg_ir::Attribute>> {
        let start = self.module.attributes.len();
        let attributes = attributes.of(&tree.attributes);
        for (at, attribute) in attributes.iter().enumerate() {
            let name = self.source(attribute.name);
            let Some(known) = task_attribute::find(name) else {
                return Err(wrong_attribute::unknown(self.span(attribute.name), name).into());
            };
            if !known.tasks.contains(op) {
                return Err(wrong_attribute::other_task(self.span(attribute.name), known).into());
            }
            self.not_twice(attributes, at, wrong_attribute::twice)?;
            let mut resolved = self.attribute(tree, attribute.name, attribute.text, attribute.value, true)?;
            if !known.form.accepts(resolved.value, || self.source(attribute.text)) {
                return Err(wrong_attribute::value(self.span(attribute.text), known).into());
            }
            if let (Form::Size, Value::Int(bytes)) = (known.form, resolved.value) {
                resolved.value = Value::Size(bytes.unsigned_abs());
            }
            self.module.attributes.push(resolved);
        }
        Ok(List::since(&self.module.attributes, start))
    }

    fn after(&mut self, tree: &Tree, after: List<Text>) -> Resolved<List<Value>> {
        let names = after.of(&tree.names);
        if let (Some(first), Some(last)) = (names.first(), names.last())
            && !self.is_auto()
            && !self.is_unknown()
        {
            return Err(misplaced_statement::after_in_explicit(self.span(first.to(*last))).into());
        }
        let start = self.module.values.len();
        for &name in names {
            let text = self.source(name);
            let symbol = self.module.symbols.find(text);
            match symbol.and_then(|symbol| Some((symbol, self.task_names.get(&symbol)?))) {
                Some((symbol, (_, true))) => self.module.values.push(Value::Word(symbol)),
                Some((_, &(group, false))) => {
                    let (span, declared) = (self.span(name), self.span(group));
                    return Err(wrong_kind_of_name::diagnostic(
                        span,
                        text,
                        "a task group",
                        "a task",
                        declared,
                    )
                    .into());
                }
                None => return Err(self.unknown_task(name)),
            }
        }
        Ok(List::since(&self.module.values, start))
    }

    /// Checks what the operands of a task must be.
    fn check_task(&mut self, tree: &Tree, task: &TaskSyntax, data: &TaskData) -> Resolved<()> {
        match data.op {
            Op::Copy | Op::CopySync | Op::CopyBatch | Op::Reduce(_) | Op::Copy2d => {
                self.check_transfers(tree, task, data)
            }
            Op::Operator(id) => {
                self.on_device(tree, task, data, &id.operator().name, false)?;
                self.check_call(tree, task, data, id.operator())
            }
            Op::Kernel(_) => self.on_device(tree, task, data, "kernel", true),
            Op::Cache(_) => self.check_cache(tree, task, data),
            Op::WriteValue(_) => self.check_flag(tree, task.outputs, data.outputs, "write"),
            Op::WaitValue(..) => self.check_flag(tree, task.inputs, data.inputs, "wait_value"),
            Op::Init => self.on_host(tree, task.outputs, data.outputs, "init"),
            Op::Print => self.on_host(tree, task.inputs, data.inputs, "print"),
            Op::Expect => self.on_host(tree, task.inputs, data.inputs, "expect"),
            _ => Ok(()),
        }
    }

    /// Operators and kernels work on device memory; a kernel may also reach registered host memory.
    fn on_device(
        &self,
        tree: &Tree,
        task: &TaskSyntax,
        data: &TaskData,
        call: &str,
        registered: bool,
    ) -> Resolved<()> {
        if !self.declares_host {
            return Ok(());
        }
        for (syntax, operands) in [(task.inputs, data.inputs), (task.outputs, data.outputs)] {
            let operands = operands.of(&self.module.operands);
            for (syntax, &operand) in syntax.of(&tree.operands).iter().zip(operands) {
                self.reachable(syntax.text, operand, call, registered)?;
            }
        }
        let named = self.module.arguments(data);
        for (syntax, argument) in task.arguments.of(&tree.attributes).iter().zip(named) {
            if let Value::Operand(operand) = argument.value {
                self.reachable(syntax.text, operand, call, registered)?;
            }
        }
        Ok(())
    }

    fn reachable(&self, text: Text, operand: acg_ir::Operand, call: &str, registered: bool) -> Resolved<()> {
        if !self.declares_host {
            return Ok(());
        }
        match self.host_memory(operand) {
            None => Ok(()),
            Some((HostMemory::Registered, _)) if registered => Ok(()),
            Some((_, declared)) => {
                let (span, declared) = (self.span(text), self.span(declared));
                Err(wrong_memory::diagnostic(span, call, self.source(text), declared).into())
            }
        }
    }

    /// Operations on the cache take one run of device memory.
    fn check_cache(&self, tree: &Tree, task: &TaskSyntax, data: &TaskData) -> Resolved<()> {
        self.on_device(tree, task, data, "cache", false)?;
        let operands = data.inputs.of(&self.module.operands);
        for (syntax, &operand) in task.inputs.of(&tree.operands).iter().zip(operands) {
            if !self.extent(*syntax, operand)?.is_contiguous() {
                let (span, source) = (self.span(syntax.text), self.source(syntax.text));
                let help = "write one line for each run";
                return Err(strided_region::diagnostic(span, source, "`cache`", help).into());
            }
        }
        Ok(())
    }

    /// Value calls work on eight bytes of device memory.
    fn check_flag(
        &self,
        tree: &Tree,
        syntax: List<OperandSyntax>,
        operands: List<acg_ir::Operand>,
        call: &str,
    ) -> Resolved<()> {
        let operands = operands.of(&self.module.operands);
        for (syntax, &operand) in syntax.of(&tree.operands).iter().zip(operands) {
            self.reachable(syntax.text, operand, call, false)?;
            let bytes = self.extent(*syntax, operand)?.len();
            if bytes != 8 {
                return Err(size_mismatch::flag(
                    self.span(syntax.text),
                    call,
                    self.source(syntax.text),
                    bytes,
                )
                .into());
            }
        }
        Ok(())
    }
}
