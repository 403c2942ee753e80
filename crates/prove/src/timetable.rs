//! When tasks start and end on a device, by replaying a graph as it stands.
//!
//! A stream is a queue; its head starts when the task before it has ended, every record that it waits for has fired, and what it runs on is
//! free. Records and waits take no time by themselves; from a record to a wait on another stream it takes the machine's latency, if there is a
//! task before the record. What comes first of several that could start is the task that was defined first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use acg_ir::{Entity, Event, Graph, Op, Slate, Step, Stream, Task};

use crate::order::index;

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

/// When each task of a graph starts and ends, in nanoseconds.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// The start of each task, by number; 0 for what takes no time.
    pub start: Vec<u64>,
    /// The end of each task.
    pub end: Vec<u64>,
    /// When the last task ends.
    pub makespan: u64,
}

impl Timetable {
    /// Replays an explicit graph on `machine`; `cost` gives how long a task runs in nanoseconds and on what, `None` for what takes no time.
    pub fn of(graph: &Graph, machine: Machine, cost: impl Fn(Task) -> Option<(u64, Resource)>) -> Self {
        let queues = Queues::of(graph, cost);
        Replay::new(&queues, machine, graph.tasks.len()).run()
    }
}

/// Something that happens on a stream.
struct Entry {
    /// How long it runs.
    cost: u64,
    /// The task; of an entry that only passes an event on, the record.
    task: u32,
    /// The entry after it on its stream; [`NONE`] for the last.
    next: u32,
    /// What it runs on, by [number](number); nothing where it only passes an event on.
    line: Option<u16>,
}

/// What has to end before an entry can start, besides what is before it on its stream.
struct Edge {
    from: u32,
    to: u32,
    /// Whether the two are on different streams.
    crosses: bool,
}

/// The number of no entry.
const NONE: u32 = u32::MAX;

#[derive(Default)]
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
        let mut queues = Self::default();
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
        self.entries.push(Entry { cost, task, next: NONE, line });
        if let Some(last) = tail.last {
            self.entries[last as usize].next = to;
        }
        self.edges.extend(tail.pending.drain(..).map(|(from, crosses)| Edge { from, to, crosses }));
        tail.last = Some(to);
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

struct Replay<'q> {
    queues: &'q Queues,
    machine: Machine,
    /// Edges by their source: entry `i` has `edges[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    edges: Vec<(u32, bool)>,
    missing: Vec<u32>,
    ready_at: Vec<u64>,
    happenings: BinaryHeap<Reverse<Happening>>,
    /// Entries that have become ready at the time that it is.
    now: Vec<u32>,
    /// The resources by [number](number).
    lines: Vec<Line>,
    table: Timetable,
}

impl<'q> Replay<'q> {
    fn new(queues: &'q Queues, machine: Machine, tasks: usize) -> Self {
        let count = queues.entries.len();
        let mut first = vec![0u32; count + 1];
        let mut missing = vec![0u32; count];
        for edge in &queues.edges {
            first[edge.from as usize + 1] += 1;
            missing[edge.to as usize] += 1;
        }
        for entry in queues.entries.iter().filter(|entry| entry.next != NONE) {
            missing[entry.next as usize] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut edges = vec![(0, false); queues.edges.len()];
        for edge in &queues.edges {
            let at = &mut next[edge.from as usize];
            edges[*at as usize] = (edge.to, edge.crosses);
            *at += 1;
        }
        let table = Timetable { start: vec![0; tasks], end: vec![0; tasks], makespan: 0 };
        let now = (0..count as u32).filter(|&entry| missing[entry as usize] == 0).collect();
        Self {
            queues,
            machine,
            first,
            edges,
            missing,
            ready_at: vec![0; count],
            happenings: BinaryHeap::new(),
            now,
            lines: Vec::new(),
            table,
        }
    }

    fn run(mut self) -> Timetable {
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
                None => return self.table,
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
        let capacity = if number == usize::from(SLOT) { self.machine.slots.unwrap_or(u32::MAX) } else { 1 };
        let line = &mut self.lines[number];
        while line.busy < capacity
            && let Some(Reverse(first)) = line.ready.pop()
        {
            let (task, entry) = ((first >> 32) as u32, first as u32);
            let cost = self.queues.entries[entry as usize].cost;
            line.busy += 1;
            self.table.start[task as usize] = now;
            self.happenings.push(Reverse(Happening::new(now.saturating_add(cost), false, entry)));
        }
    }

    fn ended(&mut self, entry: u32, now: u64) {
        let Entry { task, next, line, .. } = self.queues.entries[entry as usize];
        if line.is_some() {
            self.table.end[task as usize] = now;
            self.table.makespan = self.table.makespan.max(now);
        }
        if next != NONE {
            self.arrive(next, now, now);
        }
        for at in self.first[entry as usize]..self.first[entry as usize + 1] {
            let (to, crosses) = self.edges[at as usize];
            let latency = if crosses { self.machine.latency } else { 0 };
            self.arrive(to, now.saturating_add(latency), now);
        }
    }

    /// Notes that something an entry waits for has fired, as it sees it at `arrival`.
    fn arrive(&mut self, entry: u32, arrival: u64, now: u64) {
        let at = entry as usize;
        self.ready_at[at] = self.ready_at[at].max(arrival);
        self.missing[at] -= 1;
        if self.missing[at] == 0 {
            match self.ready_at[at] {
                time if time == now => self.now.push(entry),
                time => self.happenings.push(Reverse(Happening::new(time, true, entry))),
            }
        }
    }
}

/// The number of the slots among the resources; engines follow.
const SLOT: u16 = 0;

fn number(resource: Resource) -> u16 {
    match resource {
        Resource::Slot => SLOT,
        Resource::Engine(engine) => u16::from(engine) + 1,
    }
}
