//! What a task is, apart from the values it sees: of two tasks with one identity each does what the other would do.

use acg_ir::dependence::reads;
use acg_ir::task::{ArgumentForm, DestroyTarget, QueryTarget, SyncTarget};
use acg_ir::{Entity, Event, Module, Op, Operand, RareList, TaskData, TensorType, Value};

use crate::digest::{Digest, debug};
use crate::touched::Touched;

/// Makes identities of the tasks of a module.
pub(crate) struct Identities<'m> {
    module: &'m Module,
    /// Kept between operands.
    shape: Vec<u64>,
}

impl<'m> Identities<'m> {
    pub(crate) fn new(module: &'m Module) -> Self {
        Self { module, shape: Vec::new() }
    }

    /// The identity of a task. Names stand for what they name, because passes may number events anew.
    pub(crate) fn of(&mut self, data: &TaskData) -> u64 {
        let mut digest = Digest::new(1);
        self.op(&mut digest, data.op);
        let arguments = self.module.rare_lists.list(data.arguments);
        for attributes in [arguments, data.attributes] {
            for attribute in attributes.of(&self.module.attributes) {
                self.value(&mut digest, attribute.name.index() as u64 + 1, attribute.value);
            }
        }
        digest.push(arguments.len() as u64 | (data.attributes.len() as u64) << 32);
        // Copies are judged by what they leave.
        if !matches!(data.op, Op::Copy | Op::Copy2d | Op::CopyBatch) {
            let (inputs, outputs) = (data.inputs, data.outputs);
            digest = self.operands(digest, inputs.of(&self.module.operands));
            digest = self.operands(digest, outputs.of(&self.module.operands));
            digest.push(inputs.len() as u64 | (outputs.len() as u64) << 32);
            if !(data.input_forms.is_empty() && data.output_forms.is_empty()) {
                self.forms(&mut digest, data.input_forms);
                self.forms(&mut digest, data.output_forms);
            }
        }
        if matches!(data.op, Op::Operator(id) if id.operator().is_in_place()) {
            self.in_place(&mut digest, data);
        }
        digest.get()
    }

    /// Which inputs the results stand for: what is overwritten in place is one parameter of the call, whatever else holds the same values.
    fn in_place(&self, digest: &mut Digest, data: &TaskData) {
        for &result in data.outputs.of(&self.module.operands) {
            let result = self.module.access(result);
            let input = reads(self.module, data).position(|input| self.module.access(input) == result);
            digest.push(input.map_or(0, |input| input as u64 + 1));
        }
    }

    /// A number for what a line says, whatever the values it sees.
    pub(crate) fn line(&mut self, data: &TaskData) -> u64 {
        let mut digest = Digest::new(16);
        digest.push(self.of(data));
        digest.push(data.name.map_or(0, |name| name.index() as u64 + 1));
        digest.push(Touched::of(self.module, data).digest());
        digest.get()
    }

    fn op(&self, digest: &mut Digest, op: Op) {
        let event = |event: Event| self.module.events[event].name.index() as u64;
        let words: [u64; 3] = match op {
            Op::Copy | Op::Copy2d | Op::CopyBatch => [0; 3],
            Op::CopySync => [1, 0, 0],
            Op::Fill(byte) => [2, u64::from(byte), 0],
            Op::FillSync(byte) => [3, u64::from(byte), 0],
            Op::Reduce(kind) => [4, kind as u64, 0],
            Op::Operator(operator) => [5, operator.index() as u64, 0],
            Op::Kernel(name) => [6, name.index() as u64, 0],
            Op::Record { event: of, external } => [7, event(of), u64::from(external)],
            Op::Wait { event: of, external } => [8, event(of), u64::from(external)],
            Op::Reset(of) => [9, event(of), 0],
            Op::RecordNotify(notify) => [10, notify.index() as u64, 0],
            Op::WaitNotify(notify) => [11, notify.index() as u64, 0],
            Op::WriteValue(value) => [12, value, 0],
            Op::WaitValue(compare, value) => [13, compare as u64, value],
            Op::Callback { function, block } => [14, function.index() as u64, u64::from(block)],
            Op::HostFunc(function) => [15, function.index() as u64, 0],
            Op::Sync(SyncTarget::Stream(stream)) => [16, 0, stream.index() as u64],
            Op::Sync(SyncTarget::Event(of)) => [16, 1, event(of)],
            Op::Sync(SyncTarget::Device) => [16, 2, 0],
            Op::Query(QueryTarget::Stream(stream)) => [17, 0, stream.index() as u64],
            Op::Query(QueryTarget::Event(of)) => [17, 1, event(of)],
            Op::Elapsed(from, to) => [18, event(from), event(to)],
            Op::Destroy(target) => match target {
                DestroyTarget::Stream(stream) => [19, 0, stream.index() as u64],
                DestroyTarget::Event(of) => [19, 1, event(of)],
                DestroyTarget::Notify(notify) => [19, 2, notify.index() as u64],
                DestroyTarget::Buffer(buffer) => [19, 3, buffer.index() as u64],
                DestroyTarget::Graph(graph) => [19, 4, graph.index() as u64],
                DestroyTarget::Handle(handle) => [19, 5, handle.index() as u64],
            },
            Op::Execute(graph) => [20, graph.index() as u64, 0],
            Op::Exchange(mode) => [21, mode as u64, 0],
            other => [22, debug(&other), 0],
        };
        for word in words {
            digest.push(word);
        }
    }

    fn forms(&self, digest: &mut Digest, forms: RareList<ArgumentForm>) {
        let forms = self.module.rare_lists.list(forms).of(&self.module.argument_forms);
        for form in forms {
            digest.push(match *form {
                ArgumentForm::One => 0,
                ArgumentForm::Many(count) => u64::from(count) + 1,
            });
        }
        digest.push(forms.len() as u64);
    }

    /// A value, and the number of what it is a value of.
    fn value(&mut self, digest: &mut Digest, of: u64, value: Value) {
        let (kind, word) = match value {
            Value::Int(number) => (0, number.cast_unsigned()),
            Value::Float(number, _) => (1, number.to_bits()),
            Value::Size(bytes) => (2, bytes),
            Value::Duration(cost) => (3, cost.0),
            Value::Bool(truth) => (4, u64::from(truth)),
            Value::Text(text) => (5, text.index() as u64),
            Value::Word(word) => (6, word.index() as u64),
            Value::DType(dtype) => (7, dtype as u64),
            Value::Operand(_) => (8, self.parts(value)),
            Value::List(_) => (9, self.parts(value)),
        };
        digest.push(of << 8 | kind);
        digest.push(word);
    }

    /// A number for a value that has parts.
    fn parts(&mut self, value: Value) -> u64 {
        let mut digest = Digest::new(22);
        match value {
            Value::Operand(operand) => digest = self.operands(digest, &[operand]),
            Value::List(values) => {
                values.of(&self.module.values).iter().for_each(|&value| self.value(&mut digest, 0, value));
                digest.push(values.len() as u64);
            }
            _ => {}
        }
        digest.get()
    }

    /// The types and shapes of operands: the same bytes mean something else in another.
    fn operands(&mut self, mut digest: Digest, operands: &[Operand]) -> Digest {
        for &operand in operands {
            let data = &self.module.buffers[operand.buffer];
            let has_own_shape = operand.slice.is_none() && data.view.is_none_or(|view| view.reinterpreted);
            digest = if has_own_shape {
                tensor(digest, &data.ty, self.module.shape(&data.ty))
            } else {
                self.part(digest, operand)
            };
        }
        digest
    }

    /// The same of a part of a buffer, or of a view.
    #[inline(never)]
    fn part(&mut self, mut digest: Digest, operand: Operand) -> Digest {
        self.shape.clear();
        if self.module.operand_shape(operand, &mut self.shape).is_err() {
            // It has no bytes, so that nothing else tells it from others.
            digest.push(operand.buffer.index() as u64);
            digest.push(operand.slice.map_or(0, |slice| slice.index() as u64 + 1));
        }
        tensor(digest, &self.module.buffers[operand.buffer].ty, &self.shape)
    }
}

/// Appends the type of the elements and the shape of a tensor.
#[inline]
fn tensor(mut digest: Digest, ty: &TensorType, shape: &[u64]) -> Digest {
    for &dim in shape {
        digest.push(dim);
    }
    let element = match ty {
        TensorType::Tensor { dtype, .. } => *dtype as u64 + 1,
        TensorType::Bytes(_) => 0,
    };
    digest.push(element << 32 | shape.len() as u64);
    digest
}

/// Whether the digests above tell all of an operation, and it goes straight on.
pub(crate) fn is_known(op: Op) -> bool {
    matches!(
        op,
        Op::Copy
            | Op::Copy2d
            | Op::CopyBatch
            | Op::CopySync
            | Op::Fill(_)
            | Op::FillSync(_)
            | Op::Reduce(_)
            | Op::Operator(_)
            | Op::Kernel(_)
            | Op::Record { .. }
            | Op::Wait { .. }
            | Op::Reset(_)
            | Op::RecordNotify(_)
            | Op::WaitNotify(_)
            | Op::WriteValue(_)
            | Op::WaitValue(..)
            | Op::Callback { .. }
            | Op::HostFunc(_)
            | Op::Sync(_)
            | Op::Query(_)
            | Op::Elapsed(..)
            | Op::Destroy(_)
            | Op::Execute(_)
            | Op::Exchange(_)
    )
}
