//! One graph gone through task by task: what each sees, and what is left at the end.

use std::num::NonZeroU64;

use acg_ir::task::Value as Argument;
use acg_ir::{Access, Buffer, Entity, Graph, Module, Op, Symbol, Task, TaskData};
use rustc_hash::FxHashMap;

use crate::block;
use crate::conflicts::Conflicts;
use crate::digest::Digest;
use crate::identity::Identities;
use crate::meaning::{GraphMeaning, Role, TaskMeaning};
use crate::memory::Memory;
use crate::order::{Orders, index};
use crate::overlap::overlaps;
use crate::private::Private;
use crate::reuse::reused;
use crate::timeline::Captures;
use crate::touched::Touched;
use crate::updates::Updates;
use crate::value::{Folds, Run, Value, digest, push_run};

/// Marks outputs of kernels that an update puts in a task's place.
const UPDATED: u32 = 1 << 23;

/// What all graphs of a module are gone through with, one after the other: made once, because a graph touches little of what there is.
pub(crate) struct Ground<'m> {
    identities: Identities<'m>,
    memory: Memory<'m>,
    orders: Orders,
    captures: Captures,
    is_left: &'m [bool],
    touched: Touched,
    runs: Vec<Run>,
    out: Vec<Run>,
}

impl<'m> Ground<'m> {
    pub(crate) fn new(module: &'m Module, is_left: &'m [bool]) -> Self {
        Self {
            identities: Identities::new(module),
            memory: Memory::new(module, is_left),
            orders: Orders::default(),
            captures: Captures::default(),
            is_left,
            touched: Touched::default(),
            runs: Vec::new(),
            out: Vec::new(),
        }
    }
}

/// A graph, and what is known of its meaning so far.
pub(crate) struct Sweep<'m, 'a> {
    module: &'m Module,
    graph: &'m Graph,
    before: Option<&'m GraphMeaning>,
    updates: Updates<'a>,
    ground: &'a mut Ground<'m>,
    meaning: GraphMeaning,
}

impl<'m, 'a> Sweep<'m, 'a> {
    pub(crate) fn new(
        module: &'m Module,
        graph: &'m Graph,
        private: &Private,
        before: Option<&'m GraphMeaning>,
        updates: Updates<'a>,
        ground: &'a mut Ground<'m>,
    ) -> Self {
        let mut meaning = GraphMeaning {
            name: graph.name,
            mode: graph.mode,
            tasks: vec![TaskMeaning::ABSENT; graph.tasks.len()],
            partial: FxHashMap::default(),
            left: Vec::new(),
            partly_left: FxHashMap::default(),
            left_by_host: Vec::new(),
            folds: Folds::default(),
            unordered: Vec::new(),
            required: required(module, graph),
            reused: Vec::new(),
            order: (!graph.is_auto()).then(|| ground.orders.of(module, graph)),
            program: graph.program().map(|task| index(task) as u32).collect(),
            host: Vec::new(),
            blocks: block::summary(graph),
            lines: None,
            holds_all: ground.captures.hold_all(module, graph),
            overlaps: FxHashMap::default(),
        };
        let roles = |task: Task| role(&graph.tasks[task], private);
        block::places(
            graph,
            |task| roles(task) != Role::Sync,
            |task, block| {
                let role = roles(task);
                meaning.tasks[index(task)] = TaskMeaning { role, block, ..TaskMeaning::ABSENT };
            },
        );
        if let Some(order) = &meaning.order {
            meaning.reused = reused(graph, order, private);
        }
        Self { module, graph, before, updates, ground, meaning }
    }

    /// The meaning of the graph where every execution begins as if it did the tasks `given`, which have these numbers.
    pub(crate) fn run(mut self, given: &[(u32, &TaskData)]) -> GraphMeaning {
        if !block::is_straight(self.graph) {
            let lines = block::lines(self.graph, |task| self.ground.identities.line(&self.graph.tasks[task]));
            self.meaning.lines = Some(lines);
        }
        // Calls that take no stream are made while the graph is captured, before anything of it runs.
        let is_host = |task: &Task| !self.graph.tasks[*task].op.takes_stream();
        let host: Vec<Task> = self.graph.program().filter(is_host).collect();
        if !host.is_empty() {
            for &task in &host {
                self.task(task);
            }
            self.meaning.left_by_host = self.left(false);
            self.meaning.host = host.into_iter().map(|task| index(task) as u32).collect();
            // The graph may run often and much later, when buffers hold anything.
            self.ground.memory.clear();
        }
        for &(number, data) in given {
            self.ground.out.clear();
            self.ground.touched.look_up(self.module, data);
            self.reads(number, &mut Digest::new(14));
            self.writes(data, number, role_of(data.op));
        }
        for task in self.graph.program().filter(|&task| self.graph.tasks[task].op.takes_stream()) {
            self.task(task);
        }
        self.meaning.left = self.left(true);
        self.meaning.folds = self.ground.memory.next_graph();
        self.meaning.unordered.sort_unstable();
        self.meaning.unordered.dedup();
        self.meaning
    }

    /// What the buffers hold whose contents count and have changed; with `partly`, those that hold undefined bytes, here or in what
    /// this is compared with, are kept in detail.
    fn left(&mut self, partly: bool) -> Vec<(Buffer, u64)> {
        let Ground { memory, is_left, runs, .. } = &mut *self.ground;
        let known = self.before.filter(|_| partly).map(|before| &before.partly_left);
        let mut buffers = memory.touched().to_vec();
        buffers.extend(known.into_iter().flat_map(FxHashMap::keys));
        buffers.sort_unstable();
        buffers.dedup();
        let is_left = |buffer: Buffer| is_left.get(buffer.index()).copied().unwrap_or(false);
        buffers.retain(|&buffer| is_left(buffer) && self.module.buffers[buffer].view.is_none());
        let mut left = Vec::new();
        for buffer in buffers {
            let is_known = known.is_some_and(|known| known.contains_key(&buffer));
            runs.clear();
            memory.whole_before(buffer, runs);
            let before = digest(runs);
            runs.clear();
            memory.whole(buffer, runs);
            let now = digest(runs);
            if now != before || is_known {
                left.push((buffer, now));
            }
            if partly && (is_known || !runs.iter().all(|run| memory.folds.is_defined(run.value))) {
                self.meaning.partly_left.insert(buffer, runs.clone());
            }
        }
        left
    }

    fn task(&mut self, task: Task) {
        let data = &self.graph.tasks[task];
        let number = index(task) as u32;
        let role = self.meaning.tasks[number as usize].role;
        if role == Role::Sync {
            return;
        }
        self.ground.out.clear();
        self.ground.touched.look_up(self.module, data);
        let mut seen = Digest::new(14);
        self.reads(number, &mut seen);
        let Ground { out, memory, .. } = &mut *self.ground;
        let is_defined = out.iter().all(|run| memory.folds.is_defined(run.value));
        // Bytes that were undefined before are moved as such.
        let known = self.before.and_then(|before| before.partial.get(&number));
        if let Some(runs) = known.filter(|_| role == Role::Copy) {
            *out = Folds::blot(runs, out);
        }
        self.writes(data, number, role);
        let Ground { identities, touched, out, .. } = &mut *self.ground;
        let meaning = &mut self.meaning.tasks[number as usize];
        meaning.identity = identities.of(data);
        meaning.touches = touched.digest();
        meaning.name = data.name.map_or(0, |name| name.index() as u32 + 1);
        meaning.sees = is_defined.then_some(NonZeroU64::MIN | seen.get());
        let overlaps = overlaps(touched);
        if !overlaps.is_empty() {
            self.meaning.overlaps.insert(number, overlaps);
        }
        if !is_defined || known.is_some() {
            self.meaning.partial.insert(number, out.clone());
        }
    }

    /// Appends what the task reads to `out`.
    fn reads(&mut self, number: u32, seen: &mut Digest) {
        let Ground { memory, touched, runs, out, .. } = &mut *self.ground;
        let GraphMeaning { order, unordered, .. } = &mut self.meaning;
        let mut conflicts = Conflicts { task: number, order: order.as_ref(), unordered };
        let mut see = |access: &Access| {
            runs.clear();
            memory.read(access, runs, &mut conflicts);
            seen.push(digest(runs));
            out.extend_from_slice(runs);
        };
        touched.read.iter().for_each(&mut see);
        let stand = self.updates.of_task(number);
        let theirs = stand.into_iter().flat_map(|stand| stand.seen.iter().copied());
        theirs.filter_map(|operand| self.module.access(operand).ok()).for_each(|access| see(&access));
    }

    /// Writes what the task writes; a copy, what it read into `out`, in order: a batch goes pair by pair, which is the same order.
    fn writes(&mut self, data: &TaskData, number: u32, role: Role) {
        let Ground { memory, touched, runs, out, .. } = &mut *self.ground;
        let GraphMeaning { order, unordered, .. } = &mut self.meaning;
        let mut conflicts = Conflicts { task: number, order: order.as_ref(), unordered };
        let mut moved = out.iter().copied();
        let mut rest = None;
        for (number_of_output, access) in touched.written.iter().enumerate() {
            let bytes = access.extent.len();
            runs.clear();
            match data.op {
                Op::Fill(byte) | Op::FillSync(byte) => push_run(runs, Value::constant(byte), bytes),
                _ if role == Role::Copy => take(&mut moved, &mut rest, bytes, runs),
                _ => push_run(runs, Value::made(number, number_of_output as u32), bytes),
            }
            memory.write(access, runs, &mut conflicts);
        }
        let stand = self.updates.of_task(number);
        for (number_of_output, operand) in
            stand.into_iter().flat_map(|stand| stand.written.iter().copied()).enumerate()
        {
            let Ok(access) = self.module.access(operand) else { continue };
            let value = Value::made(number, number_of_output as u32 | UPDATED);
            memory.write(&access, &[Run { value, bytes: access.extent.len() }], &mut conflicts);
        }
    }
}

/// Moves the next `bytes` bytes of `moved` into `out`; `rest` is what is left of a run.
fn take(moved: &mut impl Iterator<Item = Run>, rest: &mut Option<Run>, mut bytes: u64, out: &mut Vec<Run>) {
    while bytes > 0
        && let Some(run) = rest.take().or_else(|| moved.next())
    {
        let part = run.bytes.min(bytes);
        push_run(out, run.value, part);
        bytes -= part;
        let left = Run { value: run.value.skip(part), bytes: run.bytes - part };
        *rest = (left.bytes > 0).then_some(left);
    }
}

fn required(module: &Module, graph: &Graph) -> Vec<(u32, u32)> {
    let mut required = Vec::new();
    let mut named: FxHashMap<Symbol, u32> = FxHashMap::default();
    for task in graph.program() {
        let data = &graph.tasks[task];
        for after in module.after(data) {
            if let Argument::Word(name) = after
                && let Some(&earlier) = named.get(name)
            {
                required.push((earlier, index(task) as u32));
            }
        }
        if let Some(name) = data.name {
            named.insert(name, index(task) as u32);
        }
    }
    required.sort_unstable();
    required
}

fn role(data: &TaskData, private: &Private) -> Role {
    match data.op {
        Op::Record { event, external: false } | Op::Wait { event, external: false } if private.has(event) => {
            Role::Sync
        }
        Op::Operator(_) | Op::Kernel(_) if data.outputs.is_empty() => Role::Silent,
        op => role_of(op),
    }
}

/// What a task is that has results, and that orders nothing.
fn role_of(op: Op) -> Role {
    match op {
        Op::Copy | Op::Copy2d | Op::CopyBatch => Role::Copy,
        Op::Fill(_) | Op::Reduce(_) | Op::Operator(_) | Op::Kernel(_) => Role::Work,
        _ => Role::Effect,
    }
}
