//! Buffers as tensors, parts of buffers as views of them, and copies between them.

use acg_calls::CallView;
use acg_ir::{Buffer, DType, HostMemory, Op, Operand, Space, TensorType};

use super::Emitter;

/// What torch calls an element type; `None` where it has none.
pub(super) const fn torch_dtype(dtype: DType) -> Option<&'static str> {
    Some(match dtype {
        DType::F32 => "torch.float32",
        DType::F16 => "torch.float16",
        DType::Bf16 => "torch.bfloat16",
        DType::F64 => "torch.float64",
        DType::I8 => "torch.int8",
        DType::I16 => "torch.int16",
        DType::I32 => "torch.int32",
        DType::I64 => "torch.int64",
        DType::U8 => "torch.uint8",
        DType::U16 => "torch.uint16",
        DType::U32 => "torch.uint32",
        DType::U64 => "torch.uint64",
        DType::Bool => "torch.bool",
        DType::C32 => "torch.complex32",
        DType::C64 => "torch.complex64",
        DType::C128 => "torch.complex128",
        DType::F8E5M2 => "torch.float8_e5m2",
        DType::F8E4M3FN => "torch.float8_e4m3fn",
        _ => return None,
    })
}

/// `(4, 2)`, `(4,)`, `()`.
pub(super) fn tuple(values: &[u64]) -> String {
    match values {
        [only] => format!("({only},)"),
        _ => format!("({})", values.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

impl Emitter<'_> {
    /// Memory as a tensor; one whose elements torch does not know holds its bytes.
    pub(super) fn allocate(&mut self, call: &CallView<'_>) {
        let Some((name, buffer)) = call.out(0).and_then(|name| Some((name, self.buffer(name)?))) else {
            return;
        };
        let (shape, dtype) = self.stored(buffer);
        let place = match self.module.buffers[buffer].space {
            Space::Host(HostMemory::Pinned) => ", pin_memory=True",
            Space::Host(_) => "",
            _ => ", device=\"npu\"",
        };
        let name = self.names.of_name(name).to_owned();
        self.body.format(format_args!("{name} = torch.empty({}, dtype={dtype}{place})", tuple(&shape)));
    }

    /// Gives memory back to torch's allocator.
    pub(super) fn free(&mut self, call: &CallView<'_>) {
        match call.name(0) {
            Some(name) => {
                let name = self.names.of_name(name).to_owned();
                self.release(&name);
            }
            None => self.unsaid(call.id, "torch gives memory back as a whole, not from within"),
        }
    }

    /// The shape and element type of the tensor that holds a buffer.
    fn stored(&self, buffer: Buffer) -> (Vec<u64>, &'static str) {
        let ty = &self.module.buffers[buffer].ty;
        match *ty {
            TensorType::Tensor { dtype, .. } if torch_dtype(dtype).is_some() => {
                (self.module.shape(ty).to_vec(), torch_dtype(dtype).unwrap_or_default())
            }
            _ => (vec![self.module.byte_size(ty).unwrap_or(0)], "torch.uint8"),
        }
    }

    /// An operand as a tensor; `None` where torch does not know its elements.
    pub(super) fn tensor(&self, operand: Operand) -> Option<String> {
        let dtype = self.dtype(operand);
        let torch = torch_dtype(dtype)?;
        let access = self.module.access(operand).ok()?;
        let (mut shape, mut strides) = (Vec::new(), Vec::new());
        self.module.operand_shape(operand, &mut shape).ok()?;
        self.module.operand_strides(operand, &mut strides).ok()?;
        let name = self.buffer_name(access.root)?;
        let (stored_shape, stored_dtype) = self.stored(access.root);
        let whole = access.extent.start() == 0 && access.extent.is_contiguous() && shape == stored_shape;
        if whole && torch == stored_dtype {
            return Some(name);
        }
        let size = u64::from(dtype.bits() / 8).max(1);
        let base = if torch == stored_dtype { name } else { format!("{name}.reshape(-1).view({torch})") };
        let first = access.extent.start().is_multiple_of(size).then(|| access.extent.start() / size)?;
        Some(format!("{base}.as_strided({}, {}, {first})", tuple(&shape), tuple(&strides)))
    }

    /// The identifier of a buffer.
    fn buffer_name(&self, root: Buffer) -> Option<String> {
        self.buffers.get(&root).map(|&name| self.names.of_name(name).to_owned())
    }

    /// A copy between host and device that torch makes of one call, or the call itself.
    pub(super) fn copy(&mut self, call: &CallView<'_>, line: u32) {
        match self.torch_copy(call) {
            Some(statement) => self.body.line(&statement),
            None => self.pyacl(call, line),
        }
    }

    /// `to.copy_(from, non_blocking=True)`: one `aclrtMemcpyAsync` if shapes and elements agree, nothing is strided and the host's
    /// memory is page-locked.
    fn torch_copy(&mut self, call: &CallView<'_>) -> Option<String> {
        let data = self.task(call.id).filter(|data| data.op == Op::Copy && self.is_torch(call, 5))?;
        let (&[from], &[to]) =
            (data.inputs.of(&self.module.operands), data.outputs.of(&self.module.operands))
        else {
            return None;
        };
        let crosses = [from, to].map(|operand| {
            let access = self.module.access(operand).ok()?;
            let space = self.module.buffers[access.root].space;
            let locked = !matches!(space, Space::Host(HostMemory::Pageable | HostMemory::Registered));
            (locked && access.extent.is_contiguous()).then_some(space.is_host())
        });
        if crosses[0]? == crosses[1]? || !self.agree(from, to) {
            return None;
        }
        let (from, to) = (self.tensor(from)?, self.tensor(to)?);
        self.on(call.name(5)?);
        Some(format!("{to}.copy_({from}, non_blocking=True)"))
    }

    /// Whether two operands have the same shape and elements.
    fn agree(&self, a: Operand, b: Operand) -> bool {
        let shape = |operand: Operand| {
            let mut shape = Vec::new();
            self.module.operand_shape(operand, &mut shape).ok().map(|()| shape)
        };
        self.dtype(a) == self.dtype(b) && shape(a) == shape(b)
    }
}
