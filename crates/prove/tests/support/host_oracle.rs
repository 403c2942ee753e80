//! What a small program with a host program does, by brute force: all executions one after the other, element by element, and every pair of
//! accesses for races.

use std::collections::{BTreeMap, BTreeSet};

use acg_ir::dependence::{reads, writes};
use acg_ir::{BodyId, Entity, GraphId, Module, Op, Scope, Space, Step, SyncTarget, Task, TaskData};

/// A line: of a graph, by number, or of the host program.
pub(crate) type LineId = (Option<usize>, usize);

/// An element of a buffer.
type Place = (usize, u64);

/// What is in an element; `None` where nobody knows.
type Held = Option<u64>;

/// Something that was done.
struct Done {
    line: LineId,
    lane: usize,
    clock: [u32; 3],
    reads: Vec<Place>,
    writes: Vec<Place>,
}

/// What a program does.
pub(crate) struct Doings {
    /// What each line saw, time after time, but for copies.
    seen: BTreeMap<(LineId, usize), Vec<Held>>,
    /// Accesses that nothing orders.
    races: BTreeSet<(LineId, LineId)>,
    /// What all memory but temporaries holds at the end.
    left: Vec<Vec<Held>>,
    /// Whether something is used after it was released.
    is_broken: bool,
}

struct Executor<'m> {
    module: &'m Module,
    /// The line of a graph that a line of the host program is another form of.
    same: &'m BTreeMap<Task, LineId>,
    memory: Vec<Vec<Held>>,
    /// Temporaries of one graph, which hold nothing when it starts.
    local: Vec<Option<usize>>,
    clocks: [[u32; 3]; 3],
    done: Vec<Done>,
    times: BTreeMap<LineId, usize>,
    released: BTreeSet<usize>,
    doings: Doings,
}

const HOST: usize = 2;

impl Doings {
    /// What `module` does.
    pub(crate) fn of(module: &Module) -> Self {
        Self::new(module, &BTreeMap::new(), local(module))
    }

    /// What a pass's `module` does that came from `before`; lines of its host program in `same` are taken for the lines of graphs.
    pub(crate) fn of_result(module: &Module, before: &Module, same: &BTreeMap<Task, LineId>) -> Self {
        // What a temporary holds counts if it did, and if it does now.
        let both = local(module).into_iter().zip(local(before));
        Self::new(module, same, both.map(|(now, before)| now.filter(|_| before.is_some())).collect())
    }

    fn new(module: &Module, same: &BTreeMap<Task, LineId>, local: Vec<Option<usize>>) -> Self {
        let memory = module.buffers.iter().map(|(buffer, data)| {
            let size = module.byte_size(&data.ty).expect("it fits") / 4;
            let is_temp = data.space == Space::Temp;
            (0..size).map(|at| (!is_temp).then(|| hash(&[1, buffer.index() as u64, at]))).collect()
        });
        let doings =
            Self { seen: BTreeMap::new(), races: BTreeSet::new(), left: Vec::new(), is_broken: false };
        let mut executor = Executor {
            module,
            same,
            memory: memory.collect(),
            local,
            clocks: [[0; 3]; 3],
            done: Vec::new(),
            times: BTreeMap::new(),
            released: BTreeSet::new(),
            doings,
        };
        let steps = &module.run.as_ref().expect("there is a host program").steps;
        executor.steps(steps);
        executor.finish()
    }

    /// Why `after` is not the same; `None` where it is.
    pub(crate) fn differ(&self, after: &Self) -> Option<String> {
        let same = |old: &[Held], new: &[Held]| {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.is_none() || old == new)
        };
        if self.seen.len() != after.seen.len() {
            return Some("other lines are called".to_owned());
        }
        for (key, old) in &self.seen {
            if !after.seen.get(key).is_some_and(|new| same(old, new)) {
                return Some(format!("{key:?} sees other values"));
            }
        }
        if !self.left.iter().zip(&after.left).all(|(old, new)| same(old, new)) {
            return Some("other values are left".to_owned());
        }
        if after.is_broken && !self.is_broken {
            return Some("something is used after it was released".to_owned());
        }
        let new = after.races.difference(&self.races).next();
        new.map(|(first, second)| format!("{first:?} and {second:?} race"))
    }
}

fn hash(parts: &[u64]) -> u64 {
    parts.iter().fold(0x51_7cc1_b727_220a, |sum, &part| {
        (sum ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_add(part)
    })
}

/// The graph of each temporary that no other body touches.
fn local(module: &Module) -> Vec<Option<usize>> {
    let mut users: Vec<BTreeSet<BodyId>> = vec![BTreeSet::new(); module.buffers.len()];
    for (id, body) in module.bodies() {
        for task in body.program() {
            let data = &body.tasks[task];
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                users[operand.buffer.index()].insert(id);
            }
        }
    }
    let only = |users: &BTreeSet<BodyId>| match users.iter().collect::<Vec<_>>()[..] {
        [BodyId::Graph(graph)] => Some(graph.index()),
        _ => None,
    };
    let spaces = module.buffers.values().map(|data| data.space == Space::Temp);
    users.iter().zip(spaces).map(|(users, is_temp)| only(users).filter(|_| is_temp)).collect()
}

impl Executor<'_> {
    fn steps(&mut self, steps: &[Step]) {
        let mut at = 0;
        while at < steps.len() {
            if let Step::Open(scope) = steps[at] {
                let mut depth = 0;
                let inside = steps[at..].iter().take_while(|step| {
                    depth += i32::from(matches!(step, Step::Open(_))) - i32::from(**step == Step::Close);
                    depth > 0
                });
                let end = at + inside.count();
                let times = if let Scope::Repeat(times) = scope { times } else { 1 };
                for _ in 0..times {
                    self.steps(&steps[at + 1..end]);
                }
                at = end;
            } else if let Step::Task(task) = steps[at] {
                self.call(task);
            }
            at += 1;
        }
    }

    fn call(&mut self, task: Task) {
        let module = self.module;
        let data = &module.run.as_ref().expect("there is one").tasks[task];
        let lane = data.stream.map_or(HOST, Entity::index);
        match data.op {
            Op::Execute(graph) => self.graph(graph, lane),
            Op::Sync(SyncTarget::Stream(stream)) => self.wait_for(stream.index()),
            Op::Sync(SyncTarget::Device) => (0..HOST).for_each(|lane| self.wait_for(lane)),
            Op::Destroy(acg_ir::DestroyTarget::Buffer(buffer)) => {
                self.released.insert(buffer.index());
            }
            _ => {
                let own = self.same.get(&task).copied().unwrap_or((None, task.index()));
                self.run(own, lane, data);
            }
        }
    }

    fn wait_for(&mut self, lane: usize) {
        let known = self.clocks[lane];
        self.clocks[HOST].iter_mut().zip(known).for_each(|(own, known)| *own = known.max(*own));
    }

    fn graph(&mut self, graph: GraphId, lane: usize) {
        for (buffer, owner) in self.local.iter().enumerate() {
            if *owner == Some(graph.index()) {
                self.memory[buffer].fill(None);
            }
        }
        let module = self.module;
        for task in module.graphs[graph].program() {
            self.run((Some(graph.index()), task.index()), lane, &module.graphs[graph].tasks[task]);
        }
    }

    fn places(&self, operand: acg_ir::Operand) -> Vec<Place> {
        let access = self.module.access(operand).expect("it has bytes");
        let (start, end) = (access.extent.start() / 4, access.extent.end() / 4);
        (start..end).map(|at| (access.root.index(), at)).collect()
    }

    fn run(&mut self, id: LineId, lane: usize, data: &TaskData) {
        let module = self.module;
        let read: Vec<Place> = reads(module, data).flat_map(|operand| self.places(operand)).collect();
        let seen: Vec<Held> = read.iter().map(|&(buffer, at)| self.memory[buffer][at as usize]).collect();
        let time = self.times.entry(id).or_default();
        *time += 1;
        let time = *time;
        let mut written = Vec::new();
        for (output, &operand) in writes(module, data).iter().enumerate() {
            written.extend(self.places(operand).into_iter().map(|place| (output, place)));
        }
        for (number, &(output, (buffer, at))) in written.iter().enumerate() {
            let graph = id.0.map_or(9, |graph| graph as u64);
            self.memory[buffer][at as usize] = match data.op {
                Op::Copy | Op::CopySync => seen[number],
                Op::Fill(byte) => Some(u64::from(byte)),
                _ => Some(hash(&[3, graph, id.1 as u64, time as u64, output as u64, number as u64])),
            };
        }
        if !matches!(data.op, Op::Copy | Op::CopySync | Op::Fill(_)) {
            self.doings.seen.insert((id, time), seen);
        }
        if lane != HOST {
            let host = self.clocks[HOST];
            self.clocks[lane].iter_mut().zip(host).for_each(|(own, host)| *own = host.max(*own));
        }
        self.clocks[lane][lane] += 1;
        let writes: Vec<Place> = written.into_iter().map(|(_, place)| place).collect();
        let mut all = read.iter().chain(&writes);
        self.doings.is_broken |= all.any(|(buffer, _)| self.released.contains(buffer));
        self.done.push(Done { line: id, lane, clock: self.clocks[lane], reads: read, writes });
    }

    fn finish(mut self) -> Doings {
        let meet = |some: &[Place], others: &[Place]| some.iter().any(|place| others.contains(place));
        for (number, later) in self.done.iter().enumerate() {
            for earlier in &self.done[..number] {
                let is_ordered = later.clock[earlier.lane] >= earlier.clock[earlier.lane];
                if !is_ordered
                    && (meet(&earlier.writes, &later.writes)
                        || meet(&earlier.writes, &later.reads)
                        || meet(&earlier.reads, &later.writes))
                {
                    let pair = (earlier.line.min(later.line), earlier.line.max(later.line));
                    self.doings.races.insert(pair);
                }
            }
        }
        for (buffer, data) in self.module.buffers.iter() {
            let held = std::mem::take(&mut self.memory[buffer.index()]);
            if data.space != Space::Temp {
                self.doings.left.push(held);
            }
        }
        self.doings
    }
}
