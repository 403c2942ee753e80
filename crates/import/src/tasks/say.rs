//! Tasks as lines: kernels and copies with what the file says of them, under the names that they have there.
//!
//! A kernel's text is the task's name. A copy has it behind `as`; so does a kernel that others name in `after`. Where that is no
//! name of the language, or taken, the attribute `name` says it as it was.

use acg_entity::Entity;
use acg_ir::{
    Attribute, Buffer, Cost, Engine, Graph, List, Module, Op, Operand, SliceDim, Space, Symbol, Task,
    TaskData, TensorType, Value,
};

use super::graph::{TaskGraph, TaskRecord, Text};
use super::memory::{Form, spaces, wanted_engine};
use super::resolve::Resolved;
use crate::draft::{Draft, Finished};
use crate::names::Names;
use crate::remark::{Remark, RemarkKind};

const CONTESTED: [&str; 2] = [
    "buffer is the host's side of one copy and the device's of another, and is on the device",
    "buffers are the host's side of one copy and the device's of another, and are on the device",
];
const ROUNDED: [&str; 2] = ["cost is rounded to whole nanoseconds", "costs are rounded to whole nanoseconds"];
const UNEQUAL: [&str; 2] = [
    "copy between buffers of different sizes copies as many bytes as the smaller one has",
    "copies between buffers of different sizes copy as many bytes as the smaller one has",
];
const UNEVEN: [&str; 2] = [
    "copy does not read and write equally many buffers, and is a kernel with the engine of a copy",
    "copies do not read and write equally many buffers, and are kernels with the engine of a copy",
];
const SAME_NAME: [&str; 2] = [
    "task is called like an earlier one, so that names do not tell them apart",
    "tasks are called like an earlier one, so that names do not tell them apart",
];
const ODD_WORDS: [&str; 2] = [
    "task has a kind or an engine that is not known, which is passed over",
    "tasks have a kind or an engine that is not known, which is passed over",
];

/// What has to be said once, and how often it was so.
#[derive(Debug, Default)]
struct Counts {
    /// Copies between buffers of different sizes.
    unequal: usize,
    /// Copies that became kernels.
    uneven: usize,
    /// Tasks that are called like an earlier one.
    same_name: usize,
    /// Tasks with words that are no engine or kind.
    odd_words: usize,
}

/// A task graph that is being said.
pub(super) struct Sayer<'g> {
    graph: &'g TaskGraph,
    resolved: &'g Resolved,
    draft: Draft,
    buffers: Vec<Buffer>,
    names: Names,
    /// Whether a task with each text as its name was said.
    said: Vec<bool>,
    counts: Counts,
    pub(super) remarks: Vec<Remark>,
}

impl<'g> Sayer<'g> {
    /// Declares the buffers.
    pub(super) fn new(graph: &'g TaskGraph, resolved: &'g Resolved, mut draft: Draft) -> Self {
        let (spaces, contested) = spaces(graph, resolved);
        let declared = graph.buffers.iter().zip(spaces).map(|(buffer, space)| {
            draft.buffer(graph.texts.text(buffer.name), space, TensorType::Bytes(buffer.bytes))
        });
        let buffers = declared.collect();
        let said = vec![false; graph.texts.len()];
        let (names, counts, remarks) = (Names::default(), Counts::default(), Vec::new());
        let mut sayer = Self { graph, resolved, draft, buffers, names, said, counts, remarks };
        sayer.assumed(contested, CONTESTED);
        sayer.assumed(graph.rounded as usize, ROUNDED);
        sayer
    }

    /// What the graph is called: as the file says, else `stem`.
    pub(super) fn graph_name(&mut self, stem: &str) -> Symbol {
        let name = self.graph.name.map_or("", |name| self.graph.texts.text(name));
        self.draft.name(if name.is_empty() { stem } else { name })
    }

    /// A task; only copies are named.
    pub(super) fn task(&mut self, task: u32) -> TaskData {
        let record = self.resolved.record(self.graph, task);
        self.count(record);
        let form = Form::of(self.graph, record);
        let mut data = match form {
            Form::Kernel => self.kernel(record),
            Form::Copy(_) => self.copy(record),
        };
        let own = match form {
            Form::Kernel => Engine::Any,
            Form::Copy(_) => self.direction(&data),
        };
        data.attributes = self.attributes(record, form, own);
        if form != Form::Kernel {
            self.name(&mut data, record.name);
        }
        data
    }

    /// Names the tasks that others come after, and says which these are.
    pub(super) fn name_tasks(&mut self, auto: &mut Graph, after: &[(u32, u32)]) {
        let mut named: Vec<u32> = after.iter().map(|&(from, _)| from).collect();
        named.sort_unstable();
        named.dedup();
        for task in named {
            let data = &mut auto.tasks[Task::at(task as usize)];
            if data.name.is_none() {
                self.name(data, self.resolved.record(self.graph, task).name);
            }
        }
        for edges in after.chunk_by(|one, other| one.1 == other.1) {
            let words = edges.iter().filter_map(|&(from, _)| auto.tasks[Task::at(from as usize)].name);
            let words = List::push_to(&mut self.draft.module.values, words.map(Value::Word));
            if let Some(&(_, task)) = edges.first() {
                auto.tasks[Task::at(task as usize)].after = self.draft.module.rare_lists.keep(words);
            }
        }
    }

    /// The module without its graph, and what to know about it.
    pub(super) fn finish(mut self) -> (Module, Vec<Remark>) {
        let Counts { unequal, uneven, same_name, odd_words } = self.counts;
        self.assumed(unequal, UNEQUAL);
        self.assumed(uneven, UNEVEN);
        self.assumed(same_name, SAME_NAME);
        self.assumed(odd_words, ODD_WORDS);
        let Finished { module, .. } = self.draft.finish();
        (module, self.remarks)
    }

    /// Remarks on `count` things, in the words for one and for several.
    fn assumed(&mut self, count: usize, [one, several]: [&str; 2]) {
        let text = match count {
            0 => return,
            1 => format!("1 {one}"),
            _ => format!("{count} {several}"),
        };
        self.remarks.push(Remark { kind: RemarkKind::Assumed, call: None, text });
    }

    fn count(&mut self, record: &TaskRecord) {
        self.counts.same_name += usize::from(std::mem::replace(&mut self.said[record.name.index()], true));
        let word = |text: Text| self.graph.texts.text(text);
        let kinds = ["kernel", "copy", "copy_h2d", "copy_d2h", "copy_d2d"];
        let is_odd = record.kind.is_some_and(|kind| !kinds.contains(&word(kind)))
            || record.engine.is_some_and(|engine| Engine::parse(word(engine)).is_none());
        self.counts.odd_words += usize::from(is_odd);
        let is_copy = record.kind.is_some_and(|kind| word(kind).starts_with("copy"));
        self.counts.uneven += usize::from(is_copy && Form::of(self.graph, record) == Form::Kernel);
    }

    fn kernel(&mut self, record: &TaskRecord) -> TaskData {
        let text = self.draft.symbol(self.graph.texts.text(record.name));
        let mut data = TaskData::new(Op::Kernel(text), None);
        data.inputs = self.whole(record.reads);
        data.outputs = self.whole(record.writes);
        data
    }

    /// All bytes of buffers.
    fn whole(&mut self, accesses: List<Text>) -> List<Operand> {
        let buffers = self.resolved.buffers(self.graph, accesses).map(|buffer| self.buffers[buffer as usize]);
        let operands = buffers.map(|buffer| Operand { buffer, slice: None });
        List::push_to(&mut self.draft.module.operands, operands)
    }

    fn copy(&mut self, record: &TaskRecord) -> TaskData {
        let [reads, writes] =
            [record.reads, record.writes].map(|side| self.resolved.buffers(self.graph, side));
        let op = if reads.len() == 1 { Op::Copy } else { Op::CopyBatch };
        let mut data = TaskData::new(op, None);
        let mut sides = (Vec::with_capacity(1), Vec::with_capacity(1));
        let mut is_unequal = false;
        for (from, to) in reads.zip(writes) {
            let size = |buffer: u32| self.graph.buffers[buffer as usize].bytes;
            let bytes = size(from).min(size(to));
            is_unequal |= size(from) != size(to);
            sides.0.push(self.first(from, bytes));
            sides.1.push(self.first(to, bytes));
        }
        self.counts.unequal += usize::from(is_unequal);
        data.inputs = self.draft.operands(&sides.0);
        data.outputs = self.draft.operands(&sides.1);
        data
    }

    /// The first `bytes` of a buffer.
    fn first(&mut self, buffer: u32, bytes: u64) -> Operand {
        let operand = self.buffers[buffer as usize];
        if self.graph.buffers[buffer as usize].bytes == bytes {
            return Operand { buffer: operand, slice: None };
        }
        self.draft.slice(operand, &[SliceDim::Range(0, bytes)])
    }

    /// The engine that a copy occupies because of where its bytes live.
    fn direction(&self, data: &TaskData) -> Engine {
        let module = &self.draft.module;
        let space = |operands: List<Operand>| -> Option<Space> {
            Some(module.buffers[operands.of(&module.operands).first()?.buffer].space)
        };
        let is_host = |operands| space(operands).is_some_and(Space::is_host);
        Engine::between(is_host(data.inputs), is_host(data.outputs))
    }

    fn attributes(&mut self, record: &TaskRecord, form: Form, own: Engine) -> List<Attribute> {
        let start = self.draft.module.attributes.len();
        if let Some(cost) = record.cost {
            self.attribute("cost", Value::Duration(Cost(cost)));
        }
        let engine = wanted_engine(self.graph, record).filter(|&engine| engine != own);
        if let Some(engine) = engine {
            let word = self.draft.symbol(engine.as_str());
            self.attribute("engine", Value::Word(word));
        }
        if let (Some(cores), Form::Kernel) = (record.cores, form) {
            self.attribute("cores", Value::Int(cores.into()));
        }
        List::since(&self.draft.module.attributes, start)
    }

    fn attribute(&mut self, name: &str, value: Value) {
        let name = self.draft.symbol(name);
        self.draft.module.attributes.push(Attribute { name, value });
    }

    /// Names a task, with its original name as an attribute where it is another one.
    fn name(&mut self, data: &mut TaskData, original: Text) {
        let text = self.graph.texts.text(original);
        let name = self.names.take(&mut self.draft.module.symbols, text);
        data.name = Some(name);
        if self.draft.module.text(name) != text {
            let original = self.draft.symbol(text);
            let attributes = data.attributes.of(&self.draft.module.attributes).to_vec();
            let start = self.draft.module.attributes.len();
            self.draft.module.attributes.extend(attributes);
            self.attribute("name", Value::Text(original));
            data.attributes = List::since(&self.draft.module.attributes, start);
        }
    }
}
