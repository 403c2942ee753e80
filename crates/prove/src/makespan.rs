//! When the last task of a graph ends on a device, by replaying the graph as it stands.
//!
//! A stream is a queue; its head starts when the task before it has ended, every record that it waits for has fired, and what it runs on is
//! free. Records and waits take no time by themselves; from a record to a wait on another stream it takes the machine's latency, if there is a
//! task before the record. What comes first of several that could start is the task that was defined first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use acg_ir::{Entity, Event, Graph, Module, Op, Slate, Step, Stream, Task};

use crate::order::index;
use crate::uncontended;

/// What a task runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// One of the slots for kernels.
    Slot,
    /// An engine of its own, by number: there is one of each.
    Engine(u8),
}

/// A device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// How many kernels run at once; `None` for any number.
    pub slots: Option<u32>,
    /// From a record to a wait for it on another stream, in nanoseconds.
    pub latency: u64,
}

impl Machine {
    /// How many tasks run on a resource at once.
    pub(crate) fn capacity(self, resource: Resource) -> u32 {
        match resource {
            Resource::Slot => self.slots.unwrap_or(u32::MAX),
            Resource::Engine(_) => 1,
        }
    }
}

/// When the last task of an explicit graph of `module` ends on `machine`, in nanoseconds; `cost` gives how long a task runs in nanoseconds and on
/// what, `None` for what takes no time.
pub fn makespan(
    module: &Module,
    graph: &Graph,
    machine: Machine,
    cost: impl Fn(Task) -> Option<(u64, Resource)>,
) -> u64 {
    uncontended::makespan(module, graph, machine, &cost).unwrap_or_else(|| replayed(graph, machine, cost))
}

/// The same by a replay, event by event.
pub(crate) fn replayed(
    graph: &Graph,
    machine: Machine,
    cost: impl Fn(Task) -> Option<(u64, Resource)>,
) -> u64 {
    Replay::new(Queues::of(graph, cost), machine).run()
}

/// Something that happens on a stream.
struct Entry {
    /// How long it runs.
    cost: u64,
    /// When all that ended so far of what it waits for was seen.
    ready_at: u64,
    /// How many things that it waits for have not ended, the entry before it on its stream among them.
    missing: u32,
    /// The task; of an entry that only passes an event on, the record.
    task: u32,
    /// The entry after it on its stream; [`NONE`] for the last.
    next: u32,
    /// What waits for it on account of an event, a list in [`Queues::edges`].
    edges: u32,
    /// What it runs on, by [number](number); nothing where it only passes an event on.
    line: Option<u16>,
}

/// What has to come after an entry, besides what is after it on its stream.
#[derive(Clone, Copy)]
struct Edge {
    to: u32,
    rest: u32,
    /// Whether the two are on different streams.
    crosses: bool,
}

/// The number of no entry, and the end of a list.
const NONE: u32 = u32::MAX;

struct Queues {
    entries: Vec<Entry>,
    edges: Vec<Edge>,
}

/// A stream while its queue is made: its last entry, and what waits stand after it.
#[derive(Default)]
struct Tail {
    last: Option<u32>,
    pending: Vec<(u32, bool)>,
}

impl Queues {
    fn of(graph: &Graph, cost: impl Fn(Task) -> Option<(u64, Resource)>) -> Self {
        // Room that is not written to costs nothing, and large lists are not to be moved as they grow.
        let most = graph.steps.len();
        let mut queues = Self { entries: Vec::with_capacity(most), edges: Vec::with_capacity(most) };
        let mut tails: Vec<Tail> = Vec::new();
        // The stream and its last entry at the record; no entry where nothing came before it.
        let mut events: Slate<Event, (Stream, Option<u32>)> = Slate::new();
        for step in graph.runs().flatten() {
            let Step::Task(task) = *step else { continue };
            let data = &graph.tasks[task];
            let Some(stream) = data.stream else { continue };
            if stream.index() >= tails.len() {
                tails.resize_with(stream.index() + 1, Tail::default);
            }
            let tail = &mut tails[stream.index()];
            match data.op {
                Op::Wait { event, external: false } => {
                    if let Some(&(other, Some(entry))) = events.at(event) {
                        tail.pending.push((entry, other != stream));
                    }
                }
                Op::Record { event, external: false } => {
                    if !tail.pending.is_empty() {
                        queues.push(tail, index(task) as u32, None);
                    }
                    events.set(event, (stream, tail.last));
                }
                _ => {
                    if let Some(work) = cost(task) {
                        queues.push(tail, index(task) as u32, Some(work));
                    }
                }
            }
        }
        queues
    }

    fn push(&mut self, tail: &mut Tail, task: u32, work: Option<(u64, Resource)>) {
        let to = self.entries.len() as u32;
        let (cost, line) = work.map_or((0, None), |(cost, resource)| (cost, Some(number(resource))));
        let missing = tail.pending.len() as u32 + u32::from(tail.last.is_some());
        if let Some(last) = tail.last.replace(to) {
            self.entries[last as usize].next = to;
        }
        for (from, crosses) in tail.pending.drain(..) {
            let rest = std::mem::replace(&mut self.entries[from as usize].edges, self.edges.len() as u32);
            self.edges.push(Edge { to, rest, crosses });
        }
        self.entries.push(Entry { cost, ready_at: 0, missing, task, next: NONE, edges: NONE, line });
    }
}

/// What happens later, in one number, which compares without branches: the time, whether an entry becomes ready then or ends, and which.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Happening(u128);

impl Happening {
    fn new(time: u64, is_ready: bool, entry: u32) -> Self {
        Self(u128::from(time) << 64 | u128::from(is_ready) << 32 | u128::from(entry))
    }

    fn time(self) -> u64 {
        (self.0 >> 64) as u64
    }

    fn is_ready(self) -> bool {
        self.0 >> 32 & 1 == 1
    }

    fn entry(self) -> u32 {
        self.0 as u32
    }
}

/// What runs on one kind of resource, and what could.
#[derive(Default)]
struct Line {
    busy: u32,
    /// The task in the upper half of each number, its entry in the lower.
    ready: BinaryHeap<Reverse<u64>>,
    /// Whether something ended or became ready since it was looked at last.
    is_touched: bool,
}

struct Replay {
    queues: Queues,
    machine: Machine,
    happenings: BinaryHeap<Reverse<Happening>>,
    /// Entries that have become ready at the time that it is.
    now: Vec<u32>,
    /// The resources by [number](number).
    lines: Vec<Line>,
    makespan: u64,
}

impl Replay {
    fn new(queues: Queues, machine: Machine) -> Self {
        let first = (0..).zip(&queues.entries).filter(|(_, entry)| entry.missing == 0);
        let now = first.map(|(number, _)| number).collect();
        Self { queues, machine, happenings: BinaryHeap::new(), now, lines: Vec::new(), makespan: 0 }
    }

    fn run(mut self) -> u64 {
        let mut now = 0;
        loop {
            while let Some(&Reverse(happening)) = self.happenings.peek()
                && happening.time() == now
            {
                self.happenings.pop();
                let entry = happening.entry();
                if happening.is_ready() {
                    self.now.push(entry);
                } else {
                    if let Some(line) = self.line(entry) {
                        line.busy -= 1;
                        line.is_touched = true;
                    }
                    self.ended(entry, now);
                }
            }
            while let Some(entry) = self.now.pop() {
                let task = self.queues.entries[entry as usize].task;
                if let Some(line) = self.line(entry) {
                    line.ready.push(Reverse(u64::from(task) << 32 | u64::from(entry)));
                    line.is_touched = true;
                } else {
                    self.ended(entry, now);
                }
            }
            for number in 0..self.lines.len() {
                if std::mem::take(&mut self.lines[number].is_touched) {
                    self.dispatch(number, now);
                }
            }
            match self.happenings.peek() {
                Some(&Reverse(happening)) => now = happening.time(),
                None => return self.makespan,
            }
        }
    }

    /// What an entry runs on.
    fn line(&mut self, entry: u32) -> Option<&mut Line> {
        let number = usize::from(self.queues.entries[entry as usize].line?);
        if number >= self.lines.len() {
            self.lines.resize_with(number + 1, Line::default);
        }
        Some(&mut self.lines[number])
    }

    /// Starts what can start on one kind of resource.
    fn dispatch(&mut self, number: usize, now: u64) {
        let capacity = self.machine.capacity(resource(number));
        let line = &mut self.lines[number];
        while line.busy < capacity
            && let Some(Reverse(first)) = line.ready.pop()
        {
            let entry = first as u32;
            let end = now.saturating_add(self.queues.entries[entry as usize].cost);
            line.busy += 1;
            self.makespan = self.makespan.max(end);
            self.happenings.push(Reverse(Happening::new(end, false, entry)));
        }
    }

    fn ended(&mut self, entry: u32, now: u64) {
        let Entry { next, mut edges, .. } = self.queues.entries[entry as usize];
        if next != NONE {
            self.arrive(next, now, now);
        }
        while let Some(&Edge { to, rest, crosses }) = self.queues.edges.get(edges as usize) {
            let latency = if crosses { self.machine.latency } else { 0 };
            self.arrive(to, now.saturating_add(latency), now);
            edges = rest;
        }
    }

    /// Notes that something an entry waits for has fired, as it sees it at `arrival`.
    fn arrive(&mut self, number: u32, arrival: u64, now: u64) {
        let entry = &mut self.queues.entries[number as usize];
        entry.ready_at = entry.ready_at.max(arrival);
        entry.missing -= 1;
        if entry.missing == 0 {
            match entry.ready_at {
                time if time == now => self.now.push(number),
                time => self.happenings.push(Reverse(Happening::new(time, true, number))),
            }
        }
    }
}

/// The resource with a number.
fn resource(number: usize) -> Resource {
    number.checked_sub(1).map_or(Resource::Slot, |engine| Resource::Engine(engine as u8))
}

/// The number of the slots among the resources; engines follow.
const SLOT: u16 = 0;

fn number(resource: Resource) -> u16 {
    match resource {
        Resource::Slot => SLOT,
        Resource::Engine(engine) => u16::from(engine) + 1,
    }
}
