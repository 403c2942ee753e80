//! The meaning of a module: what its tasks see and what its graphs leave behind.

use acg_ir::dependence::{reads, writes};
use acg_ir::task::Value as Argument;
use acg_ir::{Buffer, Entity, Graph, Module, Op, Space, Symbol, Task, TaskData};
use rustc_hash::FxHashMap;

use crate::digest::Digest;
use crate::memory::{Memory, Run, Value, push_run};
use crate::order::{Order, index};

/// The meaning of every graph of a module.
#[derive(Debug)]
pub struct Meaning {
    pub(crate) graphs: Vec<GraphMeaning>,
}

/// What one graph means.
#[derive(Debug)]
pub(crate) struct GraphMeaning {
    /// Of each task, by number.
    pub(crate) tasks: Vec<TaskMeaning>,
    /// Buffers that can be looked at after the graph, each with a digest of what it holds.
    pub(crate) left: Vec<(Buffer, u64)>,
    /// Conflicting pairs that nothing orders, the earlier of the program first, sorted.
    pub(crate) unordered: Vec<(u32, u32)>,
    /// Pairs that `after` orders, the earlier first.
    pub(crate) required: Vec<(u32, u32)>,
    /// Streams and waits; `None` for an `auto` graph.
    pub(crate) order: Option<Order>,
    /// Tasks in program order.
    pub(crate) program: Vec<u32>,
}

/// What a task is to a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is not in the program.
    Absent,
    /// It only orders: a record, wait or reset that stays within the capture.
    Sync,
    /// It only moves bytes.
    Copy,
    /// All it does is to write its outputs.
    Work,
    /// It does something that no buffer shows.
    Effect,
}

/// A task in a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskMeaning {
    pub(crate) role: Role,
    /// What it does and which values it sees; `None` where it sees bytes that nothing wrote.
    pub(crate) sees: Option<u64>,
}

impl Meaning {
    /// The meaning of `module`, whose invariants hold.
    pub fn of(module: &Module) -> Self {
        let shared = shared_temporaries(module);
        let graphs = module.graphs.values().map(|graph| Sweep::new(module, graph, &shared).run()).collect();
        Self { graphs }
    }
}

/// Temporaries that more than one graph touches: what they hold between graphs counts.
fn shared_temporaries(module: &Module) -> Vec<bool> {
    let mut owner: Vec<Option<usize>> = vec![None; module.buffers.len()];
    let mut shared = vec![false; module.buffers.len()];
    for (number, graph) in module.graphs.values().enumerate() {
        for task in graph.program() {
            let data = &graph.tasks[task];
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let Ok(access) = module.access(operand) else { continue };
                let at = access.root.index();
                shared[at] |= owner[at].is_some_and(|owner| owner != number);
                owner[at] = Some(number);
            }
        }
    }
    shared
}

struct Sweep<'m> {
    module: &'m Module,
    graph: &'m Graph,
    memory: Memory,
    /// Whether what a buffer holds afterwards can be looked at.
    is_left: Vec<bool>,
    meaning: GraphMeaning,
    conflicts: Vec<u32>,
    runs: Vec<Run>,
    out: Vec<Run>,
}

impl<'m> Sweep<'m> {
    fn new(module: &'m Module, graph: &'m Graph, shared: &[bool]) -> Self {
        let is_left: Vec<bool> = module
            .buffers
            .iter()
            .map(|(buffer, data)| data.space != Space::Temp || shared[buffer.index()])
            .collect();
        let sizes = module.buffers.values().map(|data| module.byte_size(&data.ty).unwrap_or(0)).collect();
        let initial = module
            .buffers
            .keys()
            .map(|buffer| if is_left[buffer.index()] { Value::initial(buffer, 0) } else { Value::UNDEFINED })
            .collect();
        let meaning = GraphMeaning {
            tasks: vec![TaskMeaning { role: Role::Absent, sees: None }; graph.tasks.len()],
            left: Vec::new(),
            unordered: Vec::new(),
            required: Vec::new(),
            order: (!graph.is_auto()).then(|| Order::of(module, graph)),
            program: graph.program().map(|task| index(task) as u32).collect(),
        };
        Self {
            module,
            graph,
            memory: Memory::new(sizes, initial),
            is_left,
            meaning,
            conflicts: Vec::new(),
            runs: Vec::new(),
            out: Vec::new(),
        }
    }

    fn run(mut self) -> GraphMeaning {
        self.required();
        // Calls that take no stream are made while the graph is captured, before anything of it runs.
        for eager in [true, false] {
            for task in self.graph.program() {
                if self.graph.tasks[task].op.takes_stream() != eager {
                    self.task(task);
                }
            }
        }
        for (buffer, data) in self.module.buffers.iter() {
            if self.is_left[buffer.index()] && data.view.is_none() {
                self.runs.clear();
                self.memory.whole(buffer, &mut self.runs);
                let mut digest = Digest::new(2);
                self.runs.iter().for_each(|run| push(&mut digest, run));
                self.meaning.left.push((buffer, digest.get()));
            }
        }
        self.meaning.unordered.sort_unstable();
        self.meaning.unordered.dedup();
        self.meaning
    }

    fn required(&mut self) {
        let mut named: FxHashMap<Symbol, u32> = FxHashMap::default();
        for task in self.graph.program() {
            let data = &self.graph.tasks[task];
            for after in data.after.of(&self.module.values) {
                if let Argument::Word(name) = after
                    && let Some(&earlier) = named.get(name)
                {
                    self.meaning.required.push((earlier, index(task) as u32));
                }
            }
            if let Some(name) = data.name {
                named.insert(name, index(task) as u32);
            }
        }
    }

    fn task(&mut self, task: Task) {
        let (module, data) = (self.module, &self.graph.tasks[task]);
        let number = index(task) as u32;
        let role = role(data);
        let mut digest = identity(module, data);
        let mut is_defined = true;
        self.out.clear();
        for operand in reads(module, data) {
            let Ok(access) = module.access(operand) else { continue };
            self.runs.clear();
            self.memory.read(&access, number, &mut self.runs, |other| self.conflicts.push(other));
            is_defined &= self.runs.iter().all(|run| run.value != Value::UNDEFINED);
            self.runs.iter().for_each(|run| push(&mut digest, run));
            digest.push(access.extent.len());
            if role == Role::Copy {
                self.out.extend_from_slice(&self.runs);
            }
        }
        // What a copy moves: the bytes that it read, in order; a batch goes pair by pair, which is the same order.
        let mut moved = std::mem::take(&mut self.out);
        let mut taken = 0;
        for (number_of_output, &operand) in writes(module, data).iter().enumerate() {
            let Ok(access) = module.access(operand) else { continue };
            let bytes = access.extent.len();
            self.runs.clear();
            match data.op {
                Op::Fill(byte) | Op::FillSync(byte) => {
                    self.runs.push(Run { value: Value::constant(byte), bytes });
                }
                _ if role == Role::Copy => taken = take(&mut moved, taken, bytes, &mut self.runs),
                _ => {
                    let value = Value::made(number, number_of_output as u32);
                    self.runs.push(Run { value, bytes });
                }
            }
            digest.push(bytes);
            let runs = std::mem::take(&mut self.runs);
            self.memory.write(&access, number, &runs, |other| self.conflicts.push(other));
            self.runs = runs;
        }
        self.out = moved;
        self.meaning.tasks[number as usize] = TaskMeaning { role, sees: is_defined.then_some(digest.get()) };
        self.check_order(number);
    }

    /// Notes the accesses that conflict with those of `task` and are not complete before it.
    fn check_order(&mut self, task: u32) {
        if let Some(order) = &self.meaning.order {
            for &other in &self.conflicts {
                let on_streams = order.seen(other).is_some() && order.seen(task).is_some();
                if other != task && on_streams && !order.before(other, task) {
                    self.meaning.unordered.push((other, task));
                }
            }
        }
        self.conflicts.clear();
    }
}

/// Moves `bytes` bytes from run number `from` of `moved` on into `out`; gives the run that is next.
fn take(moved: &mut [Run], mut from: usize, mut bytes: u64, out: &mut Vec<Run>) -> usize {
    while let Some(run) = moved.get_mut(from) {
        if run.bytes == 0 || run.bytes > bytes {
            let part = run.bytes.min(bytes);
            if run.bytes > 0 && part == 0 {
                break;
            }
            push_run(out, run.value, part);
            run.value = run.value.skip(part);
            run.bytes -= part;
            bytes -= part;
            if run.bytes > 0 {
                break;
            }
        } else {
            push_run(out, run.value, run.bytes);
            bytes -= run.bytes;
        }
        from += 1;
    }
    from
}

fn push(digest: &mut Digest, run: &Run) {
    digest.push(run.value.source);
    digest.push(run.value.offset);
    digest.push(run.bytes);
}

fn role(data: &TaskData) -> Role {
    match data.op {
        Op::Record { external: false, .. } | Op::Wait { external: false, .. } => Role::Sync,
        Op::Copy | Op::Copy2d | Op::CopyBatch => Role::Copy,
        Op::Fill(_) | Op::Reduce(_) | Op::Operator(_) | Op::Kernel(_) => Role::Work,
        _ => Role::Effect,
    }
}

/// What the task does, apart from the values it sees.
fn identity(module: &Module, data: &TaskData) -> Digest {
    let mut digest = Digest::new(1);
    digest.push(match data.op {
        Op::Operator(operator) => 1 << 32 | operator.index() as u64,
        Op::Kernel(name) => text(module.text(name)),
        Op::Fill(byte) => 3 << 32 | u64::from(byte),
        Op::Reduce(kind) => 4 << 32 | kind as u64,
        // Copies are judged by what they leave; of the rest, passes touch nothing.
        _ => 5 << 32,
    });
    for argument in data.arguments.of(&module.attributes) {
        digest.push(text(module.text(argument.name)));
        match argument.value {
            Argument::Int(number) => digest.push(number as u64),
            Argument::Float(number, _) => digest.push(number.to_bits()),
            Argument::Bool(truth) => digest.push(u64::from(truth)),
            Argument::Text(symbol) | Argument::Word(symbol) => digest.push(text(module.text(symbol))),
            _ => {}
        }
    }
    digest
}

fn text(text: &str) -> u64 {
    let mut digest = Digest::new(4);
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        digest.push(u64::from_le_bytes(word));
    }
    digest.get()
}
