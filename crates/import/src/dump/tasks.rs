//! Each task of a dump as a line.

use acg_calls::Core as LaunchCore;
use acg_dump::{Suffix, TaskType};
use acg_entity::Entity;
use acg_ir::flag::{EVENT_EXTERNAL, EVENT_SYNC};
use acg_ir::{
    BodyId, CacheKind, Compare, ConditionalKind, DType, Event, EventKind, GraphId, List, Mode, Op, Operand,
    ReduceKind, Scope, Space, Stream, TaskData, TensorType, Value,
};
use acg_trace::{Core, Kind, Part, TaskId, Trace};

use super::DumpImport;
use super::signals::purpose;
use crate::draft::{BranchCapture, Line, MAIN_THREAD, Sheet};
use crate::launch::{argument_names, launch_values};

/// The bytes of memory that stands for memory of unknown size.
const PLACEHOLDER: TensorType = TensorType::Bytes(32);
/// How many words of arguments are written out for a kernel at most.
const MOST_WORDS: usize = 1 << 10;

/// Whether a task is an operation on the cache.
pub(super) fn is_cache_operation(trace: &Trace, task: TaskId) -> bool {
    trace.dump.text(trace.record(task).task_type) == TaskType::Cmo.as_str()
}

impl DumpImport<'_, '_> {
    /// The lines of tasks that belong together.
    pub(super) fn unit(&mut self, graph: GraphId, tasks: &[TaskId]) {
        let sheet = self.draft.sheet_of(graph);
        let group = match tasks.first().map(|&first| self.trace.tasks[first]) {
            Some(first) if matches!(first.part, Part::GroupHead(_)) => {
                let stream = self.streams[first.lane.index()];
                let group = self.draft.group(BodyId::Graph(graph), stream, "tasks");
                self.placeholders.groups += 1;
                self.draft.write(sheet, Line::Open(Scope::Group(group)), None, MAIN_THREAD);
                true
            }
            _ => false,
        };
        for &task in tasks {
            if !self.added.contains(task) {
                if self.trace.tasks[task].kind == Kind::Conditional {
                    self.conditional(sheet, task);
                } else if let Some(mut data) = self.task(task) {
                    if let Some(info) = self.info(tasks, task) {
                        self.draft.keep_info(&mut data, &info);
                    }
                    self.draft.write(sheet, Line::Task(data), Some(task.index() as u32), MAIN_THREAD);
                }
            }
        }
        if group {
            self.draft.write(sheet, Line::Close, None, MAIN_THREAD);
        }
    }

    /// The `ExtendInfo` of a task of a unit: its own, or that of the signal behind a host function.
    fn info(&self, unit: &[TaskId], task: TaskId) -> Option<String> {
        let is_signal = |other: &&TaskId| self.trace.tasks[**other].part == Part::Callback;
        let last = match self.trace.tasks[task].kind {
            Kind::HostFunction => unit.iter().rfind(is_signal).copied().unwrap_or(task),
            _ => task,
        };
        let info = self.trace.record(last).extend_info?;
        serde_json::from_str(&format!("\"{}\"", self.trace.dump.text(info))).ok()
    }

    /// A conditional task, of whose branches a dump says nothing; they are models with dumps of their own.
    fn conditional(&mut self, sheet: Sheet, task: TaskId) {
        self.placeholders.conditionals += 1;
        let stream = self.streams[self.trace.tasks[task].lane.index()];
        let (cond, line) = self.draft.condition("condition", Some(0), None);
        self.draft.write(sheet, Line::Task(line), None, MAIN_THREAD);
        let origin = self.branch_stream();
        let conditional = self.draft.conditional(ConditionalKind::If, cond, stream, 1);
        let capture = BranchCapture { origin, mode: Mode::Global, begin: None, end: None };
        self.draft.branches[conditional.first].capture = Some(capture);
        self.draft.write(sheet, Line::Conditional(conditional), None, MAIN_THREAD);
    }

    /// The stream that branches are captured on, one after the other.
    fn branch_stream(&mut self) -> Stream {
        let draft = &mut *self.draft;
        *self.branches.get_or_insert_with(|| draft.stream("branch", super::plain_stream))
    }

    fn task(&mut self, task: TaskId) -> Option<TaskData> {
        let data = self.trace.tasks[task];
        let stream = Some(self.streams[data.lane.index()]);
        let suffix = self.trace.record(task).suffix;
        let on = |op| Some(TaskData::new(op, stream));
        match data.kind {
            Kind::Kernel(core) => Some(self.kernel(task, core)),
            Kind::Copy => {
                self.placeholders.copies += 1;
                let (from, to) = (self.memory("copy_from", PLACEHOLDER), self.memory("copy_to", PLACEHOLDER));
                Some(self.draft.transfer(Op::Copy, stream, from, to))
            }
            Kind::Reduce => {
                self.placeholders.reductions += 1;
                let ty = self.draft.tensor(DType::F32, &[8]);
                let (from, to) = (self.memory("copy_from", ty), self.memory("copy_to", ty));
                Some(self.draft.transfer(Op::Reduce(ReduceKind::Sum), stream, from, to))
            }
            Kind::Fill => {
                self.placeholders.fills += 1;
                let to = self.memory("filled", PLACEHOLDER);
                Some(TaskData { outputs: self.draft.operands(&[to]), ..TaskData::new(Op::Fill(0), stream) })
            }
            Kind::EventRecord => on(Op::Record { event: self.recorded(task, suffix), external: false }),
            Kind::EventWait => on(Op::Wait { event: self.waited(task, suffix), external: false }),
            Kind::EventReset => on(Op::Reset(self.external(suffix))),
            Kind::ExternalRecord => on(Op::Record { event: self.outer(), external: true }),
            Kind::ExternalWait => on(Op::Wait { event: self.outer(), external: true }),
            Kind::NotifyRecord => on(Op::RecordNotify(self.notify(suffix))),
            Kind::NotifyWait => on(Op::WaitNotify(self.notify(suffix))),
            Kind::ValueWrite => {
                let flag = self.flag(suffix);
                let outputs = self.draft.operands(&[flag]);
                Some(TaskData { outputs, ..TaskData::new(Op::WriteValue(1), stream) })
            }
            Kind::ValueWait => {
                let flag = self.flag(suffix);
                let inputs = self.draft.operands(&[flag]);
                Some(TaskData { inputs, ..TaskData::new(Op::WaitValue(Compare::GreaterEqual, 1), stream) })
            }
            Kind::HostFunction => {
                self.placeholders.host_functions += 1;
                let function = self.draft.symbol("host_function");
                if stream.is_some_and(|stream| self.draft.module.streams[stream].subscribed) {
                    on(Op::Callback { function, block: self.blocks(task) })
                } else {
                    on(Op::HostFunc(function))
                }
            }
            Kind::Other if is_cache_operation(self.trace, task) => {
                self.placeholders.caches += 1;
                let region = self.memory("cached", PLACEHOLDER);
                let inputs = self.draft.operands(&[region]);
                Some(TaskData { inputs, ..TaskData::new(Op::Cache(CacheKind::Prefetch), stream) })
            }
            // Everything else is unsayable, and was found before.
            _ => None,
        }
    }

    fn memory(&mut self, name: &str, ty: TensorType) -> Operand {
        Operand { buffer: self.draft.buffer(name, Space::Device, ty), slice: None }
    }

    fn kernel(&mut self, task: TaskId, core: Core) -> TaskData {
        let trace = self.trace;
        let record = trace.record(task);
        let name = self.draft.symbol(trace.name(task));
        let mut data = TaskData::new(Op::Kernel(name), Some(self.streams[trace.tasks[task].lane.index()]));
        let blocks = record.blocks.map(i64::from).filter(|&blocks| blocks > 0);
        let schem = record.schem.filter(|&schem| schem <= 1);
        if blocks.is_none() && record.blocks.is_some() || schem.is_none() && record.schem.is_some() {
            self.placeholders.odd_launches += 1;
        }
        let core = match core {
            Core::Vector => LaunchCore::AiVec,
            Core::MixCube => LaunchCore::MixAic,
            Core::MixVector => LaunchCore::MixAiv,
            Core::Cpu => LaunchCore::AiCpu,
            Core::Cube | Core::Fused | Core::Unknown => LaunchCore::AiCore,
        };
        // A launch that says nothing has the normal mode.
        let schem = schem.filter(|&schem| schem == 1);
        let values = launch_values(self.draft, core, blocks, schem, record.ration.map(i64::from));
        data.attributes = self.draft.attributes(&values);
        let arguments = self.arguments(task);
        data.arguments = self.draft.module.rare_lists.keep(arguments);
        data
    }

    fn arguments(&mut self, task: TaskId) -> List<acg_ir::Attribute> {
        let trace = self.trace;
        let record = trace.record(task);
        let (words, size) = (trace.dump.args(record), record.args.map_or(0, |args| args.size));
        let values: Vec<Value> = if size == 0 {
            self.placeholders.kernels += 1;
            return List::default();
        } else if size.is_multiple_of(8) {
            self.placeholders.kernels_with_words += 1;
            words.iter().take(MOST_WORDS).map(|&word| Value::Int(word.cast_signed())).collect()
        } else {
            self.placeholders.argument_bytes += 1;
            let (bytes, value) = if size.is_multiple_of(4) {
                (4, Value::Float(0.0, self.draft.symbol("0.0")))
            } else {
                (1, Value::Bool(false))
            };
            vec![value; (size as usize / bytes).min(MOST_WORDS)]
        };
        let names = argument_names(values.len());
        let arguments: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
        self.draft.attributes(&arguments)
    }

    /// The event of a record.
    fn recorded(&mut self, task: TaskId, suffix: Suffix) -> Event {
        if !self.signals.is_captured(suffix) {
            return self.external(suffix);
        }
        if let Some(&event) = self.signals.of_record.get(&task) {
            return event;
        }
        let name = purpose(self.trace, task).to_string();
        let event = self.draft.event(&name, EventKind::Ex(EVENT_SYNC));
        self.signals.of_record.insert(task, event);
        event
    }

    /// The event of a wait: that of its record.
    fn waited(&mut self, task: TaskId, suffix: Suffix) -> Event {
        match self.trace.links.record_of(task) {
            Some(record) if self.signals.is_captured(suffix) => self.recorded(record, suffix),
            _ => self.external(suffix),
        }
    }

    /// An event of the program's own.
    fn external(&mut self, suffix: Suffix) -> Event {
        let draft = &mut *self.draft;
        let declare = || draft.event("signal", EventKind::WithFlag(EVENT_EXTERNAL));
        *self.signals.external.entry(suffix).or_insert_with(declare)
    }

    /// An event that is used once with the external flag.
    fn outer(&mut self) -> Event {
        self.draft.event("outer", EventKind::Ex(EVENT_SYNC))
    }

    fn notify(&mut self, suffix: Suffix) -> acg_ir::Notify {
        let draft = &mut *self.draft;
        *self.signals.notifies.entry(suffix).or_insert_with(|| draft.notify("notice"))
    }

    fn flag(&mut self, suffix: Suffix) -> Operand {
        self.placeholders.values += 1;
        let draft = &mut *self.draft;
        let declare = || {
            let ty = draft.tensor(DType::U64, &[]);
            draft.buffer("flag", Space::Device, ty)
        };
        let buffer = *self.signals.flags.entry(suffix).or_insert_with(declare);
        Operand { buffer, slice: None }
    }
}
