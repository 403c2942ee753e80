//! Statements of host programs: host memory, offline models, GE sessions, locks.

use acg_calls::{Api, Arg, CallId, CallView};
use acg_ir::{DType, Entity, Op, Operand, TaskData, Value};

use super::Emitter;
use super::literal::quoted;
use super::prelude::Fragment;
use crate::lower::{Cause, Declaration};

impl Emitter<'_> {
    /// A call that only host programs make; gives whether it is one.
    pub(super) fn host_program_call(&mut self, call: &CallView<'_>, line: u32) -> bool {
        let name = call.out(0).or_else(|| call.name(0)).map_or("", |name| self.text(name));
        match call.api() {
            Api::CMemcpy => self.host_memory(call, line),
            Api::MdlLoadFromFile => {
                let model = call.out(1).map_or("", |model| self.text(model));
                let path = quoted(call.text(0).unwrap_or_default());
                self.check(&format!("{model}_.load({path})"), "aclmdlLoadFromFile", line);
            }
            Api::MdlUnload => self.check(&format!("{name}_.destroy()"), "aclmdlUnload", line),
            Api::MdlExecute | Api::MdlExecuteAsync => self.execute_model(call, line),
            Api::MutexLock => {
                self.body.open(format_args!("{{"));
                self.body.format(format_args!("const std::lock_guard<std::mutex> held({name}_);"));
            }
            Api::MutexUnlock => self.body.close("}"),
            Api::GeInitialize => self.check("graph_engine_.initialise()", "GEInitializeV2", line),
            Api::GeSessionNew => self.body.format(format_args!(
                "{name}_ = std::make_unique<ge::GeSession>(std::map<ge::AscendString, ge::AscendString>{{}});"
            )),
            Api::GeSessionDelete => self.body.format(format_args!("{name}_.reset();")),
            Api::GeAddGraph
            | Api::GeAddGraphClone
            | Api::GeCompileGraph
            | Api::GeLoadGraph
            | Api::GeRunGraph
            | Api::GeRunGraphWithStreamAsync
            | Api::GeRemoveGraph => self.session_call(call, line),
            _ => return false,
        }
        true
    }

    /// A method of a GE session.
    fn session_call(&mut self, call: &CallView<'_>, line: u32) {
        let session = call.name(0).map_or("", |name| self.text(name));
        let graph = call.int(1).unwrap_or(0);
        let api = call.api().as_str();
        let method = api.rsplit("::").next().unwrap_or(api);
        let arguments = match call.api() {
            Api::GeAddGraph | Api::GeAddGraphClone => {
                let path = quoted(call.text(2).unwrap_or_default());
                format!(", graph_from({path}, \"graph_{graph}\", {line})")
            }
            Api::GeLoadGraph => format!(", {{}}, {}", self.handle_at(call, 3)),
            Api::GeRunGraph | Api::GeRunGraphWithStreamAsync => {
                let Some(data) = self.task_of(call.id) else { return };
                self.body.open(format_args!("{{"));
                for (operands, name) in [(data.inputs, "inputs"), (data.outputs, "outputs")] {
                    self.body.format(format_args!("std::vector<gert::Tensor> {name};"));
                    for &operand in operands.of(&self.module.operands) {
                        let tensor = self.engine_tensor(operand);
                        self.body.format(format_args!("{name}.push_back({tensor});"));
                    }
                }
                match call.api() {
                    Api::GeRunGraph => ", inputs, outputs".to_owned(),
                    _ => format!(", {}, inputs, outputs", self.handle_at(call, 2)),
                }
            }
            _ => String::new(),
        };
        self.check(&format!("static_cast<int>({session}_->{method}({graph}{arguments}))"), api, line);
        if matches!(call.api(), Api::GeRunGraph | Api::GeRunGraphWithStreamAsync) {
            self.body.close("}");
        }
    }

    fn engine_tensor(&mut self, operand: Operand) -> String {
        let address = self.operand_address(operand);
        let size = self.module.access(operand).map_or(0, |access| access.extent.len());
        let (dtype, shape, _) = self.layout(operand);
        format!("tensor_at({address}, {size}, {}, {})", dtype.acl_name(), braced(&shape))
    }

    fn handle_at(&mut self, call: &CallView<'_>, position: usize) -> String {
        let arg = call.arg(position).unwrap_or(Arg::Null);
        self.argument(arg, acg_calls::Kind::Any)
    }

    /// The execution of an offline model, with what it reads and writes as datasets of the task's own.
    fn execute_model(&mut self, call: &CallView<'_>, line: u32) {
        let (Some(data), Cause::Task(_, task)) = (self.task_of(call.id), self.cause(call.id)) else { return };
        let number = task.index();
        self.datasets.insert(number);
        let sets = [(data.inputs, "inputs"), (data.outputs, "outputs")].map(|(operands, name)| {
            let memory: Vec<String> = operands
                .of(&self.module.operands)
                .iter()
                .map(|&operand| {
                    let size = self.module.access(operand).map_or(0, |access| access.extent.len());
                    format!("{{{}, {size}}}", self.operand_address(operand))
                })
                .collect();
            format!("{name}_{number}_.of({{{}}})", memory.join(", "))
        });
        let model = call.name(0).map_or("", |name| self.text(name));
        let api = call.api();
        let stream = match api {
            Api::MdlExecuteAsync => format!(", {}", self.handle_at(call, 3)),
            _ => String::new(),
        };
        self.check(&format!("{api}({model}_.get(), {}, {}{stream})", sets[0], sets[1]), api.as_str(), line);
    }

    /// One operand of an `init`, `print` or `expect` line, each of which is one `memcpy` of the log.
    fn host_memory(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task_of(call.id) else { return };
        let operands = if data.op == Op::Init { data.outputs } else { data.inputs };
        let place = self.place_in_line(call.id, data);
        let Some(&operand) = operands.of(&self.module.operands).get(place) else { return };
        let (dtype, shape, strides) = self.layout(operand);
        let Some(element) = element_type(dtype) else {
            self.body.format(format_args!("#error \"acg has no C++ type for elements of type {dtype}\""));
            return;
        };
        self.needs(Fragment::Elements);
        if matches!(dtype, DType::F16 | DType::Bf16) {
            self.needs(Fragment::Half);
        }
        let values: Vec<Value> = self.module.arguments(data).iter().map(|argument| argument.value).collect();
        let address = self.operand_address(operand);
        let elements = format!("Elements<{element}>({address}, {}, {})", braced(&shape), braced(&strides));
        let name = quoted(&acg_ir::print::operand(self.module, operand));
        let wanted = |at: usize| values.get(at).map_or_else(Vec::new, |&value| self.numbers_of(value));
        let statement = match data.op {
            Op::Init => match values.get(place) {
                Some(Value::List(_)) => format!("set({{{}}})", wanted(place).join(", ")),
                _ => format!("fill({})", wanted(place).join("")),
            },
            Op::Print => format!("show({name})"),
            _ => {
                let within = wanted(1).first().cloned().unwrap_or_else(|| "0.0".to_owned());
                format!("expect({name}, {{{}}}, {within}, {line})", wanted(0).join(", "))
            }
        };
        self.body.format(format_args!("{elements}.{statement};"));
    }

    /// The numbers of a value, as `double`.
    fn numbers_of(&self, value: Value) -> Vec<String> {
        match value {
            Value::List(list) => {
                list.of(&self.module.values).iter().map(super::operator::double_of).collect()
            }
            ref one => vec![super::operator::double_of(one)],
        }
    }

    /// How many calls of the same line stand right before a call.
    fn place_in_line(&self, id: CallId, data: &TaskData) -> usize {
        let count = (data.inputs.len() + data.outputs.len()).max(1);
        self.lowered.causes.same_before(id) % count
    }

    /// Elements, shape and strides of an operand.
    fn layout(&self, operand: Operand) -> (DType, Vec<u64>, Vec<u64>) {
        let (mut shape, mut strides) = (Vec::new(), Vec::new());
        // A verified module has no operand without bytes.
        let _ = self.module.operand_shape(operand, &mut shape);
        let _ = self.module.operand_strides(operand, &mut strides);
        (super::operator::dtype_of(self.module, operand), shape, strides)
    }

    /// Starts and ends what another host thread does, where the thread of the calls changes.
    pub(super) fn on_thread(&mut self, thread: u32) {
        const MAIN: u32 = 1;
        const MOST_NESTED: usize = 32;
        let open = self.threads.iter().position(|&(open, _)| open == thread);
        let keep = if thread == MAIN { Some(0) } else { open.map(|at| at + 1) };
        if let Some(keep) = keep {
            while self.threads.len() > keep {
                self.threads.pop();
                self.body.close("});");
            }
            return;
        }
        // Blocks of a program never nest so deep: these stand one after the other, and would indent each other's lines.
        while self.threads.len() >= MOST_NESTED
            && self.threads.last().is_some_and(|&(_, depth)| depth == self.body.depth())
        {
            self.threads.pop();
            self.body.close("});");
        }
        let name = thread_name(thread);
        self.body.open(format_args!("{name}.run([&] {{"));
        self.threads.push((thread, self.body.depth()));
    }

    /// Whether a name is a plain member and no object that owns something.
    pub(super) fn is_plain(&self, name: acg_calls::Name) -> bool {
        match self.lowered.declaration(name) {
            Some(Declaration::Group(..) | Declaration::Branch(..) | Declaration::Cond(_)) => true,
            Some(Declaration::Handle(handle)) => !self.is_graph(handle),
            Some(Declaration::Buffer(buffer)) => {
                matches!(self.module.buffers[buffer].space, acg_ir::Space::Cond(_))
            }
            declaration => declaration.is_none(),
        }
    }
}

/// The member that is a thread of the log; the main thread is 1.
pub(super) fn thread_name(thread: u32) -> String {
    format!("thread_{}_", thread - 1)
}

/// The C++ type of an element.
const fn element_type(dtype: DType) -> Option<&'static str> {
    Some(match dtype {
        DType::F32 => "float",
        DType::F64 => "double",
        DType::F16 => "Half",
        DType::Bf16 => "Brain",
        DType::I8 => "int8_t",
        DType::I16 => "int16_t",
        DType::I32 => "int32_t",
        DType::I64 => "int64_t",
        DType::U8 => "uint8_t",
        DType::U16 => "uint16_t",
        DType::U32 => "uint32_t",
        DType::U64 => "uint64_t",
        DType::Bool => "bool",
        _ => return None,
    })
}

fn braced(values: &[u64]) -> String {
    format!("{{{}}}", values.iter().map(u64::to_string).collect::<Vec<_>>().join(", "))
}
