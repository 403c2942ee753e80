//! Kernels that are launched by themselves: loaded from files, given their arguments as one struct.

use acg_calls::{Arg, CallView, Kind};
use acg_ir::{Body, Op, Symbol, TaskData};

use super::Emitter;
use super::literal::quoted;
use crate::launch::Launch;
use crate::lower::KernelArgument;

impl Emitter<'_> {
    /// A function that loads the kernels which a body launches first.
    pub(super) fn load_kernels(&mut self, body: &Body, suffix: &str) {
        let mut loads = Vec::new();
        for task in body.program() {
            let data = &body.tasks[task];
            if let Op::Kernel(kernel) = data.op {
                self.load_kernel(data, kernel, &mut loads);
            }
        }
        if loads.is_empty() {
            return;
        }
        let name = format!("load_kernels_{suffix}");
        self.function(&name);
        for (expression, call) in &loads {
            self.check(expression, call, 0);
        }
        self.end_function();
    }

    fn load_kernel(&mut self, data: &TaskData, kernel: Symbol, loads: &mut Vec<(String, &'static str)>) {
        let path = self.binary(data, kernel);
        let next = self.binaries.len() + 1;
        let binary = *self.binaries.entry(path.clone()).or_insert(next);
        if binary == next {
            let load = format!("aclrtBinaryLoadFromFile({}, nullptr, binary_{binary}_.out())", quoted(&path));
            loads.push((load, "aclrtBinaryLoadFromFile"));
        }
        let next = self.kernels.len() + 1;
        let number = *self.kernels.entry((binary, kernel)).or_insert(next);
        if number == next {
            let name = quoted(self.module.text(kernel));
            let find = format!("aclrtBinaryGetFunction(binary_{binary}_.get(), {name}, &kernel_{number}_)");
            loads.push((find, "aclrtBinaryGetFunction"));
        }
    }

    /// The file of a kernel: the attribute `binary`, or the kernel's name with `.o`.
    fn binary(&self, data: &TaskData, kernel: Symbol) -> String {
        match Launch::of(self.module, &self.keys, data).binary {
            Some(path) => self.module.text(path).to_owned(),
            None => format!("{}.o", self.module.text(kernel)),
        }
    }

    pub(super) fn launch_kernel(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task_of(call.id) else { return };
        let Some(function) = self.kernel_function(data) else { return };
        let blocks = call.int(1).unwrap_or(1);
        let stream = self.argument(call.arg(4).unwrap_or(Arg::Null), Kind::Any);
        self.body.open(format_args!("{{"));
        let arguments = self.kernel_arguments(data);
        if let Some(mode) = call.kernel(0).and_then(|kernel| kernel.schem) {
            self.body.line("aclrtLaunchKernelAttr attribute = {};");
            self.body.line("attribute.id = ACL_RT_LAUNCH_KERNEL_ATTR_SCHEM_MODE;");
            self.body.format(format_args!("attribute.value.schemMode = static_cast<uint8_t>({mode});"));
            self.body.line("aclrtLaunchKernelCfg config = {&attribute, 1};");
            let launch = format!("aclrtLaunchKernelV2({function}, {blocks}, {arguments}, &config, {stream})");
            self.check(&launch, "aclrtLaunchKernelV2", line);
        } else {
            let launch = format!("aclrtLaunchKernel({function}, {blocks}, {arguments}, {stream})");
            self.check(&launch, "aclrtLaunchKernel", line);
        }
        self.body.close("}");
    }

    fn kernel_function(&self, data: &TaskData) -> Option<String> {
        let Op::Kernel(kernel) = data.op else { return None };
        let binary = *self.binaries.get(&self.binary(data, kernel))?;
        self.kernels.get(&(binary, kernel)).map(|number| format!("kernel_{number}_"))
    }

    /// Declares the struct of a kernel's arguments; gives its address and size.
    fn kernel_arguments(&mut self, data: &TaskData) -> &'static str {
        let module = self.module;
        let mut fields = Vec::new();
        for argument in KernelArgument::of(module, data) {
            fields.push(match argument {
                KernelArgument::Address(operand) => ("void *", self.operand_address(operand)),
                KernelArgument::Int(value) => ("int64_t ", super::operator::integer(value)),
                KernelArgument::Float(value, _) => ("float ", super::operator::float(value)),
                KernelArgument::Bool(value) => ("bool ", value.to_string()),
                KernelArgument::DType(number) => ("int32_t ", number.to_string()),
            });
        }
        if fields.is_empty() {
            return "nullptr, 0";
        }
        self.body.open(format_args!("struct {{"));
        for (at, (ty, _)) in fields.iter().enumerate() {
            self.body.format(format_args!("{ty}argument_{at};"));
        }
        let values: Vec<_> = fields.into_iter().map(|(_, value)| value).collect();
        self.body.close(&format!("}} arguments = {{{}}};", values.join(", ")));
        "&arguments, sizeof(arguments)"
    }
}
