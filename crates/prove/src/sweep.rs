//! One graph gone through task by task: what each sees, and what is left at the end.

use std::num::NonZeroU64;

use acg_ir::{Access, Buffer, Entity, Graph, Module, Op, Task, TaskData};
use rustc_hash::FxHashMap;

use crate::ahead::{RUN, fetch, fetch_attributes};
use crate::block;
use crate::conflicts::Conflicts;
use crate::digest::Digest;
use crate::identity::Identities;
use crate::meaning::GraphMeaning;
use crate::memory::Memory;
use crate::outline::BodyOutline;
use crate::overlap::overlaps;
use crate::private::Private;
use crate::survey::{Survey, Surveyor, role_of};
use crate::tasks::{Act, Role};
use crate::touched::Touched;
use crate::updates::Updates;
use crate::value::{Folds, Run, Value, digest, push_run};

/// Marks outputs of kernels that an update puts in a task's place.
const UPDATED: u32 = 1 << 23;

/// What all graphs of a module are gone through with, one after the other: made once, because a graph touches little of what there is.
pub(crate) struct Ground<'m> {
    identities: Identities<'m>,
    memory: Memory<'m>,
    surveyor: Surveyor,
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
            surveyor: Surveyor::default(),
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
    /// Whether the host makes some of its calls at once.
    has_calls: bool,
    before: Option<&'m GraphMeaning>,
    updates: Updates<'a>,
    ground: &'a mut Ground<'m>,
    meaning: GraphMeaning,
}

impl<'m, 'a> Sweep<'m, 'a> {
    pub(crate) fn new(
        module: &'m Module,
        graph: &'m Graph,
        (outline, private): (&BodyOutline, &Private),
        before: Option<&'m GraphMeaning>,
        updates: Updates<'a>,
        ground: &'a mut Ground<'m>,
    ) -> Self {
        // What had to come before a task may be asked of any task that is still there.
        let asks_waits = before.is_some_and(|before| !before.survey.required.is_empty());
        let meaning = GraphMeaning {
            name: graph.name,
            mode: graph.mode,
            survey: ground.surveyor.survey(module, graph, outline, private, asks_waits),
            partial: FxHashMap::default(),
            left: Vec::new(),
            partly_left: FxHashMap::default(),
            left_by_host: Vec::new(),
            folds: Folds::default(),
            unordered: Vec::new(),
            host: Vec::new(),
            lines: None,
            overlaps: FxHashMap::default(),
        };
        Self { module, graph, has_calls: outline.has_calls, before, updates, ground, meaning }
    }

    /// The meaning of the graph where every execution begins as if it did the tasks `given`, which have these numbers.
    pub(crate) fn run(mut self, given: &[(u32, &TaskData)]) -> GraphMeaning {
        if !self.meaning.survey.is_straight {
            let lines = block::lines(self.graph, |task| self.ground.identities.line(&self.graph.tasks[task]));
            self.meaning.lines = Some(lines);
        }
        self.ground.memory.next_graph();
        let program = std::mem::take(&mut self.meaning.survey.program);
        // Calls that take no stream are made while the graph is captured, before anything of it runs.
        if self.has_calls {
            self.meaning.host =
                program.iter().copied().filter(|&number| !self.takes_stream(number)).collect();
            for at in 0..self.meaning.host.len() {
                self.task(self.meaning.host[at]);
            }
            self.meaning.left_by_host = self.left(false);
            // The graph may run often and much later, when buffers hold anything.
            self.ground.memory.clear();
        }
        for &(number, data) in given {
            self.ground.out.clear();
            self.ground.touched.look_up(self.module, data);
            self.reads(number);
            self.writes(data, number, role_of(data.op));
        }
        for run in program.chunks(RUN) {
            let is_view = |buffer: Buffer| self.module.buffers[buffer].view.is_some();
            let is_one = |buffer: Buffer| self.ground.memory.is_one(self.module.root(buffer));
            fetch(self.module, self.graph, run, is_view, is_one);
            fetch_attributes(self.module, self.graph, run);
            for &number in run {
                if !self.has_calls || self.takes_stream(number) {
                    self.task(number);
                }
            }
        }
        // It is asked only of tasks in the place of which the host program may do something, and where some are in no order.
        if self.module.run.is_some() || !self.meaning.unordered.is_empty() {
            for &number in &program {
                self.ground.touched.look_up(self.module, &self.graph.tasks[Task::at(number as usize)]);
                self.meaning.survey.tasks.set_touches(number, self.ground.touched.digest());
            }
        }
        self.meaning.survey.program = program;
        self.meaning.left = self.left(true);
        self.meaning.folds = std::mem::take(&mut self.ground.memory.folds);
        self.meaning.unordered.sort_unstable();
        self.meaning.unordered.dedup();
        self.meaning
    }

    /// What the buffers hold whose contents count and have changed; with `partly`, those that hold undefined bytes, here or in what
    /// this is compared with, are kept in detail.
    fn left(&mut self, partly: bool) -> Vec<(Buffer, u64)> {
        let Ground { memory, is_left, runs, .. } = &mut *self.ground;
        let known = self.before.filter(|_| partly).map(|before| &before.partly_left);
        let is_left = |buffer: Buffer| is_left.get(buffer.index()).copied().unwrap_or(false);
        let all = memory.touched().iter().chain(known.into_iter().flat_map(FxHashMap::keys)).copied();
        let counts = |buffer: &Buffer| is_left(*buffer) && self.module.buffers[*buffer].view.is_none();
        let mut buffers: Vec<Buffer> = Vec::with_capacity(memory.touched().len());
        buffers.extend(all.filter(counts));
        buffers.sort_unstable();
        buffers.dedup();
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

    fn takes_stream(&self, number: u32) -> bool {
        self.graph.tasks[Task::at(number as usize)].op.takes_stream()
    }

    fn task(&mut self, number: u32) {
        let data = &self.graph.tasks[Task::at(number as usize)];
        let role = self.meaning.survey.tasks.role(number);
        self.ground.out.clear();
        self.ground.touched.look_up(self.module, data);
        let seen = self.reads(number);
        let Ground { out, memory, .. } = &mut *self.ground;
        let is_defined = out.iter().all(|run| memory.folds.is_defined(run.value));
        // Bytes that were undefined before are moved as such.
        let known = self.before.and_then(|before| before.partial.get(&number));
        if let Some(runs) = known.filter(|_| role == Role::Copy) {
            *out = Folds::blot(runs, out);
        }
        self.writes(data, number, role);
        let Ground { identities, touched, out, .. } = &mut *self.ground;
        let act = Act { identity: identities.of(data), sees: is_defined.then_some(NonZeroU64::MIN | seen) };
        self.meaning.survey.tasks.set_act(number, act);
        let overlaps = overlaps(touched);
        if !overlaps.is_empty() {
            self.meaning.overlaps.insert(number, overlaps);
        }
        if !is_defined || known.is_some() {
            self.meaning.partial.insert(number, out.clone());
        }
    }

    /// Appends what the task reads to `out`; gives a number for it.
    #[inline]
    fn reads(&mut self, number: u32) -> u64 {
        let Ground { memory, touched, runs, out, .. } = &mut *self.ground;
        let GraphMeaning { survey: Survey { order, .. }, unordered, .. } = &mut self.meaning;
        memory.next_task();
        let mut conflicts = Conflicts::of(number, order.as_ref(), unordered);
        let mut seen = Digest::new(14);
        let mut see = |access: &Access| {
            runs.clear();
            memory.read(access, runs, &mut conflicts);
            seen.push(digest(runs));
            out.extend_from_slice(runs);
        };
        touched.read.iter().for_each(&mut see);
        if let Some(stand) = self.updates.of_task(number) {
            let accesses = stand.seen.iter().filter_map(|&operand| self.module.access(operand).ok());
            accesses.for_each(|access| see(&access));
        }
        seen.get()
    }

    /// Writes what the task writes; a copy, what it read into `out`, in order: a batch goes pair by pair, which is the same order.
    #[inline]
    fn writes(&mut self, data: &TaskData, number: u32, role: Role) {
        let Ground { memory, touched, runs, out, .. } = &mut *self.ground;
        let GraphMeaning { survey: Survey { order, .. }, unordered, .. } = &mut self.meaning;
        let mut conflicts = Conflicts::of(number, order.as_ref(), unordered);
        let mut moved = out.iter().copied();
        let mut rest = None;
        for (access, output) in touched.written.iter().zip(0..) {
            let bytes = access.extent.len();
            let value = match data.op {
                Op::Fill(byte) | Op::FillSync(byte) => Value::constant(byte),
                _ if role == Role::Copy => {
                    runs.clear();
                    take(&mut moved, &mut rest, bytes, runs);
                    memory.write(access, runs, &mut conflicts);
                    continue;
                }
                _ => Value::made(number, output),
            };
            memory.write(access, &[Run { value, bytes }], &mut conflicts);
        }
        if let Some(stand) = self.updates.of_task(number) {
            for (&operand, output) in stand.written.iter().zip(0..) {
                let Ok(access) = self.module.access(operand) else { continue };
                let value = Value::made(number, output | UPDATED);
                memory.write(&access, &[Run { value, bytes: access.extent.len() }], &mut conflicts);
            }
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
