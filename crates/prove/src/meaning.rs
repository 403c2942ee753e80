//! The meaning of a module: what its tasks see and what its graphs leave behind.

use std::num::NonZeroU64;

use acg_ir::dependence::{reads, writes};
use acg_ir::task::Value as Argument;
use acg_ir::{
    Access, BodyId, Buffer, BufferData, Entity, Graph, Mode, Module, Op, Space, Symbol, Task, TaskData,
};
use rustc_hash::FxHashMap;

use crate::block;
use crate::conflicts::Conflicts;
use crate::declared::Declared;
use crate::digest::Digest;
use crate::hoisted::{Hoisted, hoisted};
use crate::host::Host;
use crate::identity::Identities;
use crate::memory::Memory;
use crate::order::{Order, Orders, index};
use crate::overlap::overlaps;
use crate::private::Private;
use crate::reuse::reused;
use crate::timeline::Captures;
use crate::touched::Touched;
use crate::updates::{AllUpdates, Updates};
use crate::value::{Folds, Run, Value, digest, push_run};

/// The meaning of every graph of a module.
#[derive(Debug)]
pub struct Meaning {
    pub(crate) graphs: Vec<GraphMeaning>,
    pub(crate) declared: Declared,
    /// What the host program says.
    pub(crate) run: Option<Host>,
    /// Lines of the host program that this has and what it is compared with has not, each with the task that it stands for.
    pub(crate) hoisted: Vec<Hoisted>,
    /// Of each buffer, whether what it holds after a graph can be looked at.
    is_left: Vec<bool>,
    /// Those of them that have become views of others.
    pub(crate) hidden: Vec<Buffer>,
    /// How many events there are.
    pub(crate) events: usize,
}

/// What one graph means.
#[derive(Debug)]
pub(crate) struct GraphMeaning {
    pub(crate) name: Symbol,
    pub(crate) mode: Mode,
    /// Of each task, by number.
    pub(crate) tasks: Vec<TaskMeaning>,
    /// What tasks see that see bytes which nothing wrote, here or in what this is compared with.
    pub(crate) partial: FxHashMap<u32, Vec<Run>>,
    /// Buffers that can be looked at after the graph and hold something else then, each with a digest of it. Those that are not here hold
    /// what they did before the graph: of many graphs each has few that are.
    pub(crate) left: Vec<(Buffer, u64)>,
    /// What is in those of them that hold bytes which nothing wrote, here or in what this is compared with.
    pub(crate) partly_left: FxHashMap<Buffer, Vec<Run>>,
    /// The same for what calls of the host wrote before the graph ran.
    pub(crate) left_by_host: Vec<(Buffer, u64)>,
    /// What the values in all these were folded from.
    pub(crate) folds: Folds,
    /// Conflicting pairs that nothing orders, the earlier of the program first, sorted.
    pub(crate) unordered: Vec<(u32, u32)>,
    /// Pairs that `after` orders, the earlier first.
    pub(crate) required: Vec<(u32, u32)>,
    /// Waits and later records of the same event that may come first, sorted.
    pub(crate) reused: Vec<(u32, u32)>,
    /// Streams and waits; `None` for an `auto` graph.
    pub(crate) order: Option<Order>,
    /// Tasks in program order.
    pub(crate) program: Vec<u32>,
    /// Calls that the host makes at once, in program order.
    pub(crate) host: Vec<u32>,
    /// Its blocks.
    pub(crate) blocks: (Vec<u64>, usize),
    /// Everything that it says, where it does not go straight on.
    pub(crate) lines: Option<u64>,
    /// Whether its capture holds everything that stands on a stream.
    pub(crate) holds_all: bool,
    /// Of tasks with operands that share bytes which one of them writes: how they do.
    pub(crate) overlaps: FxHashMap<u32, Vec<u64>>,
}

/// What a task is to a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is not in the program.
    Absent,
    /// It only orders: a record or wait of a private event.
    Sync,
    /// It only moves bytes.
    Copy,
    /// All it does is to write its outputs.
    Work,
    /// It has no outputs, so that it does what nobody knows; it follows its inputs like work and stays.
    Silent,
    /// It does something that no buffer shows.
    Effect,
}

/// A task in a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskMeaning {
    pub(crate) role: Role,
    /// What it does.
    pub(crate) identity: u64,
    /// Its name, counted from 1; 0 where it has none.
    pub(crate) name: u32,
    /// The blocks that it stands in; 0 outside of all.
    pub(crate) block: u64,
    /// Which bytes it touches.
    pub(crate) touches: u64,
    /// Which values it sees; `None` where it sees bytes that nothing wrote.
    pub(crate) sees: Option<NonZeroU64>,
}

impl TaskMeaning {
    pub(crate) const ABSENT: Self =
        Self { role: Role::Absent, identity: 0, name: 0, block: 0, touches: 0, sees: None };
}

impl Meaning {
    /// The meaning of `module`, whose invariants hold.
    pub fn of(module: &Module) -> Self {
        Self::measure(module, None, left(module))
    }

    /// The meaning of what a pass made of a module that meant `before`, in as much detail as a comparison takes.
    pub fn of_result(module: &Module, before: &Self) -> Self {
        // A temporary whose contents count does so whatever a pass made of its other uses.
        let mut is_left = before.is_left.clone();
        is_left.truncate(module.buffers.len());
        if is_left.len() < module.buffers.len() {
            is_left.extend_from_slice(&left(module)[is_left.len()..]);
        }
        Self::measure(module, Some(before), is_left)
    }

    /// This, the meaning of `module`, as what the next pass is given: temporaries that the host program fills now count as well from now on.
    #[must_use]
    pub fn settled(self, module: &Module) -> Self {
        if self.hoisted.is_empty() {
            return self;
        }
        let now = left(module).into_iter().enumerate();
        let is_left = now.map(|(at, left)| left || self.is_left.get(at).copied().unwrap_or(false)).collect();
        Self::measure(module, None, is_left)
    }

    /// This, the meaning of `module` but for where temporaries lie, as what the next pass is given.
    #[must_use]
    pub fn moved(self, module: &Module) -> Self {
        let mut is_left = self.is_left;
        is_left.resize(module.buffers.len(), false);
        Self::measure(module, None, is_left)
    }

    /// Of each graph, whether it goes straight on, its tasks are on streams and do nothing but what buffers show, and all of them that conflict are ordered.
    pub fn ordered(&self) -> Vec<bool> {
        let is_ordered = |graph: &GraphMeaning| {
            graph.unordered.is_empty()
                && graph.order.is_some()
                && graph.lines.is_none()
                && graph.tasks.iter().all(|task| task.role != Role::Effect)
        };
        self.graphs.iter().map(is_ordered).collect()
    }

    /// How many buffers there are.
    pub(crate) fn buffers(&self) -> usize {
        self.is_left.len()
    }

    /// Whether what a buffer holds after a graph can be looked at.
    pub(crate) fn counts(&self, buffer: Buffer) -> bool {
        self.is_left.get(buffer.index()).copied().unwrap_or(false)
    }

    fn measure(module: &Module, before: Option<&Self>, is_left: Vec<bool>) -> Self {
        let private = Private::of(module);
        let hoisted = before.map_or(Vec::new(), |before| hoisted(module, before, &private));
        let mut given: Vec<Vec<(u32, &TaskData)>> = vec![Vec::new(); module.graphs.len()];
        for (hoisted, run) in hoisted.iter().zip(module.run.iter().cycle()) {
            given[hoisted.graph].push((hoisted.task, &run.tasks[hoisted.line]));
        }
        let updates = AllUpdates::of(module);
        let mut ground = Ground::new(module, &is_left);
        let graphs = module.graphs.values().zip(&given).enumerate().map(|(number, (graph, given))| {
            let before = before.and_then(|before| before.graphs.get(number));
            let updates = Updates::of(&updates, number, graph);
            Sweep::new(module, graph, &private, before, updates, &mut ground).run(given)
        });
        Self {
            graphs: graphs.collect(),
            run: module.run.as_ref().map(|run| Host::of(module, run)),
            hoisted,
            declared: Declared::of(module, &private),
            hidden: hidden(module, &is_left),
            is_left,
            events: module.events.len(),
        }
    }
}

/// Buffers whose contents after a graph count: all that are not temporaries, temporaries that more than one body touches, and those that
/// calls of the host fill before a graph runs, however often it does.
fn left(module: &Module) -> Vec<bool> {
    let mut owner: Vec<Option<usize>> = vec![None; module.buffers.len()];
    let is_kept = |data: &BufferData| data.space != Space::Temp && data.view.is_none();
    let mut left: Vec<bool> = module.buffers.values().map(is_kept).collect();
    if !left.contains(&false) {
        return left;
    }
    let is_only = module.bodies().count() == 1;
    for (number, (id, body)) in module.bodies().enumerate() {
        for task in body.program() {
            let data = &body.tasks[task];
            let is_host = id == BodyId::Run || !data.op.takes_stream();
            if is_only && !is_host {
                continue;
            }
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let at = module.root(operand.buffer).index();
                left[at] |= is_host || owner[at].is_some_and(|owner| owner != number);
                owner[at] = Some(number);
            }
        }
    }
    left
}

fn hidden(module: &Module, is_left: &[bool]) -> Vec<Buffer> {
    let views = module.buffers.iter().filter(|(_, data)| data.view.is_some());
    views.map(|(view, _)| view).filter(|view| is_left[view.index()]).collect()
}

/// Marks outputs of kernels that an update puts in a task's place.
const UPDATED: u32 = 1 << 23;

/// What all graphs of a module are gone through with, one after the other: made once, because a graph touches little of what there is.
struct Ground<'m> {
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
    fn new(module: &'m Module, is_left: &'m [bool]) -> Self {
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

struct Sweep<'m, 'a> {
    module: &'m Module,
    graph: &'m Graph,
    before: Option<&'m GraphMeaning>,
    updates: Updates<'a>,
    ground: &'a mut Ground<'m>,
    meaning: GraphMeaning,
}

impl<'m, 'a> Sweep<'m, 'a> {
    fn new(
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
    fn run(mut self, given: &[(u32, &TaskData)]) -> GraphMeaning {
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
