//! How long tasks run, and what they occupy meanwhile.
//!
//! An attribute says it, or the device model does ([`acg_target::DeviceModel`]):
//!
//! | task | time | occupies |
//! |---|---|---|
//! | copies, `fill`, `reduce` | set-up and bytes by bandwidth of their direction | the engine of that direction |
//! | operators, kernels | launch and bytes read and written by bandwidth of memory, by the share of `cores` | a slot |
//! | host functions, callbacks | launch | nothing of the device |
//! | records, waits, values, and calls that are made at once | nothing | nothing |
//!
//! **Invariant:** a default is a function of the task and the model alone.

use acg_target::DeviceModel;

use crate::dependence::{needs, writes};
use crate::module::Module;
use crate::symbols::Symbol;
use crate::task::{Cost, Op, Operand, TaskData, Value};

/// What a task occupies while it runs: the words of the `engine` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// Cube cores: a kernel.
    Cube,
    /// Vector cores: a kernel.
    Vector,
    /// Cores of either kind: a kernel of which no more is known.
    Any,
    /// The engine that copies from host to device.
    HostToDevice,
    /// The engine that copies from device to host.
    DeviceToHost,
    /// The engine that copies within the device (SDMA).
    DeviceToDevice,
}

impl Engine {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 6] =
        [Self::Cube, Self::Vector, Self::Any, Self::HostToDevice, Self::DeviceToHost, Self::DeviceToDevice];

    /// The word of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cube => "cube",
            Self::Vector => "vector",
            Self::Any => "any",
            Self::HostToDevice => "h2d",
            Self::DeviceToHost => "d2h",
            Self::DeviceToDevice => "sdma",
        }
    }

    /// The engine that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.as_str() == word)
    }

    /// The engine that copies between two memories, of which it is known whether they are the host's.
    pub const fn between(from_host: bool, to_host: bool) -> Self {
        match (from_host, to_host) {
            (true, false) => Self::HostToDevice,
            (false, true) => Self::DeviceToHost,
            _ => Self::DeviceToDevice,
        }
    }

    /// Whether it is cores, of which the device model has slots, and not one of the three copy engines.
    pub const fn is_slot(self) -> bool {
        matches!(self, Self::Cube | Self::Vector | Self::Any)
    }
}

/// The costs of a module's tasks on one device.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'m> {
    module: &'m Module,
    model: DeviceModel,
    cost: Option<Symbol>,
    engine: Option<Symbol>,
    cores: Option<Symbol>,
    core: Option<Symbol>,
}

impl<'m> Costs<'m> {
    /// The costs of the tasks of `module` on a device that `model` describes.
    pub fn new(module: &'m Module, model: &DeviceModel) -> Self {
        let find = |name| module.symbols.find(name);
        Self {
            module,
            model: *model,
            cost: find("cost"),
            engine: find("engine"),
            cores: find("cores"),
            core: find("core"),
        }
    }

    /// How long a task runs: what its `cost` says, else what the model does.
    pub fn cost(&self, task: &TaskData) -> Cost {
        self.given(task).unwrap_or_else(|| self.modelled(task))
    }

    /// What the task's `cost` says.
    pub fn given(&self, task: &TaskData) -> Option<Cost> {
        match self.attribute(task, self.cost)? {
            Value::Duration(cost) => Some(cost),
            _ => None,
        }
    }

    /// How long the model thinks that a task runs.
    pub fn modelled(&self, task: &TaskData) -> Cost {
        let transfer = match self.engine(task) {
            Some(Engine::HostToDevice) => self.model.h2d,
            Some(Engine::DeviceToHost) => self.model.d2h,
            Some(Engine::DeviceToDevice) => self.model.d2d,
            Some(Engine::Cube | Engine::Vector | Engine::Any) => {
                let cores = self.cores(task).unwrap_or(self.model.cores);
                return Cost(
                    self.model.kernel_time(self.read(task).saturating_add(self.written(task)), cores),
                );
            }
            None if matches!(task.op, Op::HostFunc(_) | Op::Callback { .. }) => {
                return Cost(self.model.launch);
            }
            None => return Cost(0),
        };
        Cost(transfer.time(self.written(task)))
    }

    /// What a task occupies; `None` for one that occupies nothing of the device.
    pub fn engine(&self, task: &TaskData) -> Option<Engine> {
        let own = match task.op {
            Op::Operator(_) | Op::Kernel(_) => self.kernel_engine(task),
            Op::Copy | Op::Copy2d | Op::CopyBatch | Op::Fill(_) | Op::Reduce(_) => self.direction(task),
            _ => return None,
        };
        let given = match self.attribute(task, self.engine) {
            Some(Value::Word(word)) => Engine::parse(self.module.text(word)),
            _ => None,
        };
        Some(given.unwrap_or(own))
    }

    /// How many cores a kernel's `cores` says that it occupies.
    pub fn cores(&self, task: &TaskData) -> Option<u32> {
        match self.attribute(task, self.cores)? {
            Value::Int(cores) => u32::try_from(cores).ok().filter(|&cores| cores > 0),
            _ => None,
        }
    }

    fn kernel_engine(&self, task: &TaskData) -> Engine {
        match self.attribute(task, self.core) {
            Some(Value::Word(core)) => match self.module.text(core) {
                "aivec" => Engine::Vector,
                "aicube" => Engine::Cube,
                _ => Engine::Any,
            },
            _ => Engine::Any,
        }
    }

    /// The engine that moves the bytes of a copy; a batch has one direction, that of its first pair.
    fn direction(&self, task: &TaskData) -> Engine {
        let is_host = |operand: Option<&Operand>| {
            operand.is_some_and(|operand| self.module.buffers[operand.buffer].space.is_host())
        };
        let [from, to] =
            [task.inputs, task.outputs].map(|side| is_host(side.of(&self.module.operands).first()));
        // A fill has no source, and its bytes are made on the device.
        if matches!(task.op, Op::Fill(_)) { Engine::DeviceToDevice } else { Engine::between(from, to) }
    }

    fn attribute(&self, task: &TaskData, name: Option<Symbol>) -> Option<Value> {
        let name = name?;
        let attributes = task.attributes.of(&self.module.attributes);
        attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value)
    }

    fn read(&self, task: &TaskData) -> u64 {
        self.bytes(needs(self.module, task))
    }

    fn written(&self, task: &TaskData) -> u64 {
        self.bytes(writes(self.module, task).iter().copied())
    }

    fn bytes(&self, operands: impl Iterator<Item = Operand>) -> u64 {
        let sizes = operands.filter_map(|operand| Some(self.module.access(operand).ok()?.extent.len()));
        sizes.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::List;
    use crate::module::{Buffer, BufferData, HostMemory, Space, TensorType};
    use crate::task::Attribute;
    use acg_target::Profile;

    struct Bench {
        module: Module,
        model: DeviceModel,
        host: Buffer,
        device: Buffer,
    }

    fn bench() -> Bench {
        let mut module = Module::new();
        let mut buffer = |name: &str, space| {
            let name = module.symbols.intern(name);
            module.buffers.push(BufferData { name, space, ty: TensorType::Bytes(512), view: None })
        };
        let host = buffer("h", Space::Host(HostMemory::Pinned));
        let device = buffer("d", Space::Device);
        let model = Profile::find("ascend910b").unwrap().chip.model;
        Bench { module, model, host, device }
    }

    impl Bench {
        fn task(&mut self, op: Op, from: &[Buffer], to: &[Buffer], attributes: &[(&str, Value)]) -> TaskData {
            let list = |pool: &mut Vec<Operand>, buffers: &[Buffer]| {
                List::push_to(pool, buffers.iter().map(|&buffer| Operand { buffer, slice: None }))
            };
            let mut task = TaskData::new(op, None);
            task.inputs = list(&mut self.module.operands, from);
            task.outputs = list(&mut self.module.operands, to);
            let start = self.module.attributes.len();
            for &(name, value) in attributes {
                let name = self.module.symbols.intern(name);
                self.module.attributes.push(Attribute { name, value });
            }
            task.attributes = List::since(&self.module.attributes, start);
            task
        }

        fn word(&mut self, word: &str) -> Value {
            Value::Word(self.module.symbols.intern(word))
        }

        fn costs(&self) -> Costs<'_> {
            Costs::new(&self.module, &self.model)
        }
    }

    #[test]
    fn words_of_engines_are_those_of_the_attribute() {
        let attribute = crate::task_attribute::find("engine").unwrap();
        let crate::task_attribute::Form::Word(words) = attribute.form else { panic!("{attribute:?}") };
        assert!(words.iter().copied().eq(Engine::ALL.iter().map(|engine| engine.as_str())));
        assert!(Engine::ALL.iter().all(|&engine| Engine::parse(engine.as_str()) == Some(engine)));
    }

    #[test]
    fn directions_follow_from_memory() {
        let mut bench = bench();
        let (h, d) = (bench.host, bench.device);
        let cases = [
            (Op::Copy, h, d, Engine::HostToDevice, 5_021),
            (Op::Copy, d, h, Engine::DeviceToHost, 5_021),
            (Op::Copy, d, d, Engine::DeviceToDevice, 2_501),
            (Op::Copy, h, h, Engine::DeviceToDevice, 2_501),
        ];
        for (op, from, to, engine, cost) in cases {
            let task = bench.task(op, &[from], &[to], &[]);
            assert_eq!(bench.costs().engine(&task), Some(engine));
            assert_eq!(bench.costs().cost(&task), Cost(cost));
        }
        let fill = bench.task(Op::Fill(0), &[], &[d], &[]);
        assert_eq!(bench.costs().engine(&fill), Some(Engine::DeviceToDevice));
    }

    #[test]
    fn attributes_win() {
        let mut bench = bench();
        let (h, d) = (bench.host, bench.device);
        let sdma = bench.word("sdma");
        let cost = ("cost", Value::Duration(Cost(7)));
        let task = bench.task(Op::Copy, &[h], &[d], &[cost, ("engine", sdma)]);
        assert_eq!(bench.costs().engine(&task), Some(Engine::DeviceToDevice));
        assert_eq!((bench.costs().cost(&task), bench.costs().modelled(&task)), (Cost(7), Cost(2_501)));
        let (name, aivec) = (bench.module.symbols.intern("K"), bench.word("aivec"));
        let kernel = bench.task(Op::Kernel(name), &[d], &[d], &[("core", aivec), ("cores", Value::Int(4))]);
        assert_eq!(bench.costs().engine(&kernel), Some(Engine::Vector));
        assert_eq!(bench.costs().cores(&kernel), Some(4));
        // 1024 bytes by a third of 1120 bytes a nanosecond.
        assert_eq!(bench.costs().cost(&kernel), Cost(2_003));
    }

    #[test]
    fn what_does_no_work_on_the_device_occupies_nothing() {
        let mut bench = bench();
        let name = bench.module.symbols.intern("f");
        let host = bench.task(Op::HostFunc(name), &[], &[], &[]);
        let value = bench.task(Op::WriteValue(1), &[], &[bench.device], &[]);
        assert_eq!([host, value].map(|task| bench.costs().engine(&task)), [None, None]);
        assert_eq!([host, value].map(|task| bench.costs().cost(&task)), [Cost(2_000), Cost(0)]);
    }
}
