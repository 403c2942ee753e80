//! Kernels that are launched by themselves.
//!
//! The arguments of a kernel are one C struct: the addresses of what it reads, of what it writes, then its named
//! arguments in order. The log lists the addresses and gives the size of the whole.

use acg_calls::{Api, Arg, Kernel};
use acg_ir::{Module, Operand, Symbol, TaskData, Value};

use super::task::Line;
use super::{Lowerer, int};
use crate::launch::Launch;

/// One field of a kernel's arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum KernelArgument {
    /// `void *`.
    Address(Operand),
    /// `int64_t`.
    Int(i64),
    /// `float`, with its text.
    Float(f64, Symbol),
    /// `bool`.
    Bool(bool),
    /// `int32_t`: the number of a data type.
    DType(i32),
}

impl KernelArgument {
    /// The fields of a task's arguments in order; texts, words and lists are none.
    pub(crate) fn of<'m>(module: &'m Module, data: &TaskData) -> impl Iterator<Item = Self> + use<'m> {
        let inputs = data.inputs.of(&module.operands).iter();
        let outputs = data.outputs.of(&module.operands).iter();
        let named = module.arguments(data).iter();
        inputs.chain(outputs).map(|&operand| Self::Address(operand)).chain(named.filter_map(|argument| {
            Some(match argument.value {
                Value::Operand(operand) => Self::Address(operand),
                Value::Int(value) => Self::Int(value),
                Value::Size(bytes) => Self::Int(i64::try_from(bytes).unwrap_or(i64::MAX)),
                Value::Float(value, text) => Self::Float(value, text),
                Value::Bool(value) => Self::Bool(value),
                Value::DType(dtype) => Self::DType(dtype.acl_number()),
                Value::Duration(_) | Value::Text(_) | Value::Word(_) | Value::List(_) => return None,
            })
        }))
    }

    /// Its size and alignment in bytes.
    fn size(self) -> u64 {
        match self {
            Self::Address(_) | Self::Int(_) => 8,
            Self::Float(..) | Self::DType(_) => 4,
            Self::Bool(_) => 1,
        }
    }
}

/// The struct of a kernel's arguments, field by field.
#[derive(Clone, Copy)]
struct Fields {
    end: u64,
    alignment: u64,
}

impl Fields {
    const NONE: Self = Self { end: 0, alignment: 1 };

    fn add(&mut self, field: KernelArgument) {
        let size = field.size();
        self.end = aligned(self.end, size) + size;
        self.alignment = self.alignment.max(size);
    }

    /// The size of the whole in bytes.
    fn size(self) -> u64 {
        aligned(self.end, self.alignment)
    }
}

/// The next place that is a multiple of a power of two.
fn aligned(end: u64, power: u64) -> u64 {
    (end + power - 1) & !(power - 1)
}

impl Lowerer<'_> {
    /// `kernel "MyKernel"(a, b) -> c`.
    pub(super) fn launch_kernel(&mut self, line: Line<'_>, name: Symbol) {
        let launch = Launch::of(self.module, &self.keys, line.data);
        let name = self.lowered.log.name(self.module.text(name));
        let core = launch.core.unwrap_or_default();
        let kernel = Kernel { schem: launch.schem, ration: launch.ration, ..Kernel::new(name, core) };
        let kernel = Arg::Kernel(self.lowered.log.kernel_id(kernel));
        let module: &Module = self.module;
        let (mut fields, mut addresses) = (Fields::NONE, std::mem::take(&mut self.kept));
        addresses.clear();
        KernelArgument::of(module, line.data).for_each(|argument| {
            fields.add(argument);
            if let KernelArgument::Address(operand) = argument {
                addresses.push(self.kept_address(operand));
            }
        });
        let size = fields.size();
        let arguments = match (size, addresses.as_slice()) {
            (0, _) => Arg::Null,
            (_, []) => Arg::Name(self.value_name("args")),
            (_, addresses) => self.lowered.log.list_of_kept(addresses),
        };
        self.kept = addresses;
        let blocks = Arg::Int(launch.blocks.unwrap_or(1).into());
        let call = self.call(Api::LaunchKernel, &[kernel, blocks, arguments, int(size), line.stream]);
        self.named(call, line);
    }
}
