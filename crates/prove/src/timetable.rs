//! When tasks start and end on a device, by replaying a graph as it stands.
//!
//! A stream is a queue; its head starts when the task before it has ended, every record that it waits for has fired, and what it runs on is
//! free. Records and waits take no time by themselves; from a record to a wait on another stream it takes the machine's latency, if there is a
//! task before the record. What comes first of several that could start is the task that was defined first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use acg_ir::{Entity, Event, Graph, Op, Stream, Task};
use rustc_hash::FxHashMap;

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
    /// The task; of an entry that only passes an event on, the record.
    task: u32,
    work: Option<(u64, Resource)>,
}

/// What has to end before an entry can start.
struct Edge {
    from: u32,
    to: u32,
    /// Whether the two are on different streams.
    crosses: bool,
}

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
        let mut events: FxHashMap<Event, (Stream, Option<u32>)> = FxHashMap::default();
        for task in graph.program() {
            let data = &graph.tasks[task];
            let Some(stream) = data.stream else { continue };
            if stream.index() >= tails.len() {
                tails.resize_with(stream.index() + 1, Tail::default);
            }
            let tail = &mut tails[stream.index()];
            match data.op {
                Op::Wait { event, external: false } => {
                    if let Some(&(other, Some(entry))) = events.get(&event) {
                        tail.pending.push((entry, other != stream));
                    }
                }
                Op::Record { event, external: false } => {
                    if !tail.pending.is_empty() {
                        queues.push(tail, index(task) as u32, None);
                    }
                    events.insert(event, (stream, tail.last));
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
        self.entries.push(Entry { task, work });
        self.edges.extend(tail.last.map(|from| Edge { from, to, crosses: false }));
        self.edges.extend(tail.pending.drain(..).map(|(from, crosses)| Edge { from, to, crosses }));
        tail.last = Some(to);
    }
}

/// What happens next, by time: what ends comes before what becomes ready.
type Happening = Reverse<(u64, bool, u32)>;

struct Replay<'q> {
    queues: &'q Queues,
    machine: Machine,
    /// Edges by their source: entry `i` has `edges[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    edges: Vec<(u32, bool)>,
    missing: Vec<u32>,
    ready_at: Vec<u64>,
    happenings: BinaryHeap<Happening>,
    /// Ready entries by what they run on: slots, and the engines in order of first use.
    ready: FxHashMap<u16, BinaryHeap<Reverse<(u32, u32)>>>,
    busy: FxHashMap<u16, u32>,
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
        let happenings = (0..count as u32)
            .filter(|&entry| missing[entry as usize] == 0)
            .map(|entry| Reverse((0, true, entry)))
            .collect();
        Self {
            queues,
            machine,
            first,
            edges,
            missing,
            ready_at: vec![0; count],
            happenings,
            ready: FxHashMap::default(),
            busy: FxHashMap::default(),
            table,
        }
    }

    fn run(mut self) -> Timetable {
        let mut touched: Vec<u16> = Vec::new();
        while let Some(&Reverse((now, _, _))) = self.happenings.peek() {
            while let Some(&Reverse((time, is_ready, entry))) = self.happenings.peek() {
                if time != now {
                    break;
                }
                self.happenings.pop();
                let Some((_, resource)) = self.queues.entries[entry as usize].work else {
                    self.ended(entry, now);
                    continue;
                };
                let key = key(resource);
                if is_ready {
                    let task = self.queues.entries[entry as usize].task;
                    self.ready.entry(key).or_default().push(Reverse((task, entry)));
                } else {
                    *self.busy.entry(key).or_default() -= 1;
                    self.ended(entry, now);
                }
                touched.push(key);
            }
            touched.sort_unstable();
            touched.dedup();
            for key in touched.drain(..) {
                self.dispatch(key, now);
            }
        }
        self.table
    }

    /// Starts what can start on one kind of resource.
    fn dispatch(&mut self, key: u16, now: u64) {
        let capacity = if key == SLOT { self.machine.slots.unwrap_or(u32::MAX) } else { 1 };
        let (Some(ready), busy) = (self.ready.get_mut(&key), self.busy.entry(key).or_default()) else {
            return;
        };
        while *busy < capacity
            && let Some(Reverse((task, entry))) = ready.pop()
        {
            let cost = self.queues.entries[entry as usize].work.map_or(0, |(cost, _)| cost);
            *busy += 1;
            self.table.start[task as usize] = now;
            self.happenings.push(Reverse((now.saturating_add(cost), false, entry)));
        }
    }

    fn ended(&mut self, entry: u32, now: u64) {
        if self.queues.entries[entry as usize].work.is_some() {
            self.table.end[self.queues.entries[entry as usize].task as usize] = now;
            self.table.makespan = self.table.makespan.max(now);
        }
        for at in self.first[entry as usize]..self.first[entry as usize + 1] {
            let (to, crosses) = self.edges[at as usize];
            let arrival = now.saturating_add(if crosses { self.machine.latency } else { 0 });
            let to_index = to as usize;
            self.ready_at[to_index] = self.ready_at[to_index].max(arrival);
            self.missing[to_index] -= 1;
            if self.missing[to_index] == 0 {
                self.happenings.push(Reverse((self.ready_at[to_index], true, to)));
            }
        }
    }
}

const SLOT: u16 = u16::MAX;

fn key(resource: Resource) -> u16 {
    match resource {
        Resource::Slot => SLOT,
        Resource::Engine(number) => number.into(),
    }
}
