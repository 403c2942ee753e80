//! Kernels that are launched by themselves.
//!
//! A log lists the addresses among a kernel's arguments and says how many bytes they are together. Which addresses a kernel
//! reads is not in it, so all but the last are taken as read and the last as written, as is usual; bytes that are no address
//! become numbers that a person fills in.

use acg_calls::{Api, Arg, CallView, Core, Kernel};
use acg_ir::{List, Op, Operand, TaskData, Value};

use super::Said;
use crate::launch::{argument_names, launch_values};
use crate::log::LogImport;
use crate::remark::RemarkKind;

impl<'l> LogImport<'l> {
    /// `aclrtLaunchKernel` and its newer forms.
    pub(super) fn kernel(&mut self, call: &CallView<'l>) -> Said {
        let kernel = call.kernel(0).ok_or("it names no kernel")?;
        let blocks = call.int(1).unwrap_or_default();
        let (stream, arguments, size) = match call.api() {
            Api::LaunchKernelV2 => (5, 2, call.int(3)),
            Api::LaunchKernelWithConfig => (2, 4, None),
            Api::LaunchKernelWithHostArgs => (2, 4, call.int(5)),
            _ => (4, 2, call.int(3)),
        };
        if call.api() != Api::LaunchKernel {
            self.remark(
                RemarkKind::LeftOut,
                call,
                "the launch configuration: the program uses `aclrtLaunchKernel`",
            );
        }
        let addresses = self.kernel_addresses(call, arguments);
        let mut task = TaskData::new(self.kernel_op(kernel), Some(self.stream_at(call, stream)));
        let values = self.launch_values(kernel, Some(blocks))?;
        task.attributes = self.draft.attributes(&values);
        self.give_operands(call, &mut task, &addresses);
        let listed = 8 * addresses.len() as u64;
        let rest = size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0).saturating_sub(listed);
        let arguments = self.filler(call, rest);
        task.arguments = self.draft.module.rare_lists.keep(arguments);
        Ok(task)
    }

    pub(super) fn kernel_op(&mut self, kernel: Kernel) -> Op {
        let name = kernel.name.map_or("", |name| self.log.text(name));
        Op::Kernel(self.draft.symbol(name))
    }

    /// What the attributes of a launch are.
    pub(super) fn launch_values(
        &mut self,
        kernel: Kernel,
        blocks: Option<i64>,
    ) -> Result<Vec<(&'static str, Value)>, String> {
        if blocks.is_some_and(|blocks| blocks < 1) {
            return Err("a kernel has at least one block".to_owned());
        }
        if kernel.schem.is_some_and(|schem| schem > 1) {
            return Err("the language has no such schedule mode".to_owned());
        }
        let core = match kernel.core {
            Core::MixAicMainAic => Core::MixAic,
            Core::MixAicMainAiv => Core::MixAiv,
            core => core,
        };
        let ration = kernel.ration.map(i64::from);
        Ok(launch_values(&mut self.draft, core, blocks, kernel.schem, ration))
    }

    /// The addresses that the log lists.
    fn kernel_addresses(&mut self, call: &CallView<'l>, position: usize) -> Vec<Operand> {
        let listed = call.list(position).unwrap_or_default();
        let mut operands = Vec::with_capacity(listed.len());
        for address in listed.iter().filter_map(Arg::address) {
            match self.rest(address) {
                Ok(operand) => operands.push(operand),
                Err(why) => {
                    self.remark(RemarkKind::LeftOut, call, format!("an argument of the kernel: {why}"));
                }
            }
        }
        operands
    }

    /// Takes the last address as written and the others as read.
    pub(super) fn give_operands(&mut self, call: &CallView<'l>, task: &mut TaskData, operands: &[Operand]) {
        let Some((last, others)) = operands.split_last() else { return };
        task.inputs = self.draft.operands(others);
        task.outputs = self.draft.operands(&[*last]);
        self.remark(
            RemarkKind::Assumed,
            call,
            "the kernel writes its last address, to the end of the memory, and reads the others",
        );
    }

    /// Numbers for `bytes` bytes of arguments that the log does not show.
    fn filler(&mut self, call: &CallView<'l>, bytes: u64) -> List<acg_ir::Attribute> {
        let (count, value) = match bytes {
            0 => return List::default(),
            _ if bytes.is_multiple_of(8) => (bytes / 8, Value::Int(0)),
            _ if bytes.is_multiple_of(4) => {
                let zero = self.draft.symbol("0.0");
                (bytes / 4, Value::Float(0.0, zero))
            }
            _ => (bytes, Value::Bool(false)),
        };
        if count > MOST_NUMBERS {
            self.remark(
                RemarkKind::LeftOut,
                call,
                format!("{bytes} bytes of arguments, which are too many to write as numbers"),
            );
            return List::default();
        }
        self.remark(
            RemarkKind::Placeholder,
            call,
            format!("{bytes} bytes of arguments are in no list; the program has zeros"),
        );
        let names = argument_names(count as usize);
        let arguments: Vec<_> = names.iter().map(|name| (name.as_str(), value)).collect();
        self.draft.attributes(&arguments)
    }
}

/// How many numbers stand for a kernel's unknown arguments at most.
const MOST_NUMBERS: u64 = 64;
