//! Kernels that are launched by themselves: loaded from files, given their arguments as one struct.

use acg_calls::{Arg, CallView, Handle, Kind};
use acg_ir::{Body, Op, Symbol, TaskData};

use super::{Emitter, Fragment, quoted};
use crate::launch::Launch;
use crate::lower::KernelArgument;

impl Emitter<'_> {
    /// Loads the kernels which a body launches first.
    pub(super) fn load_kernels(&mut self, body: &Body) {
        for task in body.program() {
            let data = &body.tasks[task];
            let Op::Kernel(kernel) = data.op else { continue };
            let key = self.kernel_key(data, kernel);
            let next = self.kernels.len() + 1;
            if *self.kernels.entry(key.clone()).or_insert(next) != next {
                continue;
            }
            self.needs(Fragment::Made);
            let (file, name) = key;
            let load = format!(
                "made(acl.rt.binary_load_from_file({}, []), \"acl.rt.binary_load_from_file\")",
                quoted(&file)
            );
            let find = format!("acl.rt.binary_get_function({load}, {})", quoted(&name));
            self.assign(&format!("kernel_function_{next}"), &find, "acl.rt.binary_get_function", 0);
        }
    }

    /// The file of a kernel, the attribute `binary` or the kernel's name with `.o`, and the kernel's name.
    fn kernel_key(&self, data: &TaskData, kernel: Symbol) -> (String, String) {
        let name = self.module.text(kernel);
        let file = match Launch::of(self.module, &self.keys, data).binary {
            Some(path) => self.module.text(path).to_owned(),
            None => format!("{name}.o"),
        };
        (file, name.to_owned())
    }

    pub(super) fn launch_kernel(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task(call.id) else { return };
        let Op::Kernel(kernel) = data.op else { return };
        if call.kernel(0).is_some_and(|kernel| kernel.schem.is_some()) {
            self.unsaid(
                call.id,
                "pyACL launches a kernel without attributes, so its schedule mode cannot be given",
            );
            return;
        }
        let Some(&number) = self.kernels.get(&self.kernel_key(data, kernel)) else { return };
        let (format, values) = self.fields(data);
        let stream = self.argument(call.arg(4).unwrap_or(Arg::Null), Kind::In(Handle::Stream));
        let blocks = call.int(1).unwrap_or(1);
        if values.is_empty() {
            let launch = format!("acl.rt.launch_kernel(kernel_function_{number}, {blocks}, 0, 0, {stream})");
            return self.check(&launch, "aclrtLaunchKernel", line);
        }
        self.body.format(format_args!(
            "kernel_arguments_{number} = struct.pack({})",
            [vec![quoted(&format)], values].concat().join(", ")
        ));
        let arguments =
            format!("acl.util.bytes_to_ptr(kernel_arguments_{number}), len(kernel_arguments_{number})");
        let launch =
            format!("acl.rt.launch_kernel(kernel_function_{number}, {blocks}, {arguments}, {stream})");
        self.check(&launch, "aclrtLaunchKernel", line);
    }

    /// The struct of a kernel's arguments as `struct.pack` takes it, aligned as C does.
    fn fields(&self, data: &TaskData) -> (String, Vec<String>) {
        let (mut format, mut values) = (String::from("@"), Vec::new());
        for argument in KernelArgument::of(self.module, data) {
            let (code, value) = match argument {
                KernelArgument::Address(operand) => ('P', self.operand_address(operand)),
                KernelArgument::Int(value) => ('q', value.to_string()),
                KernelArgument::Float(value, _) => ('f', super::operator::number(value)),
                KernelArgument::Bool(value) => ('?', if value { "True" } else { "False" }.to_owned()),
                KernelArgument::DType(number) => ('i', number.to_string()),
            };
            format.push(code);
            values.push(value);
        }
        // The struct ends where its widest field could start again.
        let widest = if format.contains(['P', 'q']) {
            "0q"
        } else if format.contains(['f', 'i']) {
            "0i"
        } else {
            ""
        };
        format.push_str(widest);
        (format, values)
    }

    /// The address of an operand's first byte.
    pub(super) fn operand_address(&self, operand: acg_ir::Operand) -> String {
        let name = self.module.access(operand).ok().and_then(|access| {
            self.buffers.get(&access.root).map(|&name| (self.names.of_name(name), access.extent.start()))
        });
        match name {
            Some((name, 0)) => format!("{name}.data_ptr()"),
            Some((name, bytes)) => format!("{name}.data_ptr() + {bytes}"),
            None => "0".to_owned(),
        }
    }
}
