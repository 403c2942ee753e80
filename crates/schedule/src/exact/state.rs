//! A part of a schedule: which tasks are on which stream, and what that means for those that follow.

use crate::Dag;
use crate::list::Streams;
use crate::waits::Waits;

/// Tasks appended so far.
#[derive(Debug)]
pub(super) struct State {
    pub(super) tasks: u128,
    pub(super) appended: u32,
    /// When the task appended last starts: none starts before it.
    pub(super) now: u64,
    pub(super) free: Vec<u64>,
    pub(super) ready: Vec<u32>,
    /// The earliest start of each task not appended.
    pub(super) estimates: Vec<u64>,
    /// How many tasks are on each stream.
    count: Vec<u32>,
    stream: Vec<u32>,
    end: Vec<u64>,
    missing: Vec<u32>,
    waits: Waits,
    latency: u64,
}

/// What appending a task changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Undo {
    now: u64,
    free: u64,
    ready_at: usize,
}

/// When tasks can start on each stream, as far as appended ones decide; streams in an order of their own.
#[derive(Debug)]
pub(super) struct Profile {
    free: Vec<u64>,
    /// For each task whose data have not reached every stream: the task, and when they have reached each.
    data: Vec<(u32, Vec<u64>)>,
}

impl State {
    pub(super) fn new(dag: &Dag, streams: Streams) -> Self {
        let tasks = dag.len();
        let missing: Vec<u32> = (0..tasks as u32).map(|task| dag.predecessors(task).len() as u32).collect();
        Self {
            tasks: 0,
            appended: 0,
            now: 0,
            free: vec![0; streams.count as usize],
            ready: (0..tasks as u32).filter(|&task| missing[task as usize] == 0).collect(),
            estimates: vec![0; tasks],
            count: vec![0; streams.count as usize],
            stream: vec![0; tasks],
            end: vec![0; tasks],
            missing,
            waits: Waits::new(dag, streams),
            latency: streams.latency,
        }
    }

    pub(super) fn has(&self, task: u32) -> bool {
        self.tasks >> task & 1 == 1
    }

    pub(super) fn last_end(&self) -> u64 {
        self.free.iter().copied().max().unwrap_or(0)
    }

    /// When `task` would start on `stream`.
    pub(super) fn start(&self, dag: &Dag, task: u32, stream: u32) -> u64 {
        let data = dag.predecessors(task).iter().map(|&before| self.arrival(before, stream));
        data.max().unwrap_or(0).max(self.free[stream as usize]).max(self.now)
    }

    fn arrival(&self, task: u32, stream: u32) -> u64 {
        let away = if self.stream[task as usize] == stream { 0 } else { self.latency };
        self.end[task as usize] + away
    }

    pub(super) fn append(&mut self, dag: &Dag, task: u32, stream: u32, start: u64) -> Undo {
        let free = self.free[stream as usize];
        let ready_at = self.ready.iter().position(|&ready| ready == task).unwrap_or(0);
        let undo = Undo { now: self.now, free, ready_at };
        self.tasks |= 1 << task;
        self.appended += 1;
        self.now = start;
        self.free[stream as usize] = start + dag.cost(task);
        self.count[stream as usize] += 1;
        self.stream[task as usize] = stream;
        self.end[task as usize] = start + dag.cost(task);
        self.ready.swap_remove(ready_at);
        for &after in dag.successors(task) {
            self.missing[after as usize] -= 1;
            if self.missing[after as usize] == 0 {
                self.ready.push(after);
            }
        }
        undo
    }

    pub(super) fn take_back(&mut self, dag: &Dag, task: u32, stream: u32, undo: Undo) {
        for &after in dag.successors(task).iter().rev() {
            if self.missing[after as usize] == 0 {
                self.ready.pop();
            }
            self.missing[after as usize] += 1;
        }
        self.ready.push(task);
        let last = self.ready.len() - 1;
        self.ready.swap(undo.ready_at, last);
        self.count[stream as usize] -= 1;
        self.free[stream as usize] = undo.free;
        self.now = undo.now;
        self.appended -= 1;
        self.tasks &= !(1 << task);
    }

    /// Whether another stream before `stream` would do just as well: both free, and no data nearer to one of them.
    pub(super) fn is_like_an_earlier(&self, stream: u32) -> bool {
        let is_blank = |stream: u32| {
            self.count[stream as usize] == 0 || self.free[stream as usize] + self.latency <= self.now
        };
        is_blank(stream) && (0..stream).any(is_blank)
    }

    /// The earliest start of each task not appended, with the waits that no stream spares it.
    pub(super) fn estimate(&mut self, dag: &Dag) {
        let soonest = self.free.iter().copied().min().unwrap_or(0).max(self.now);
        for task in 0..dag.len() as u32 {
            if self.has(task) {
                continue;
            }
            let (mut start, mut last, mut second) = (soonest, 0, 0);
            for &before in dag.predecessors(task) {
                let (end, away) = if self.has(before) {
                    let end = self.end[before as usize];
                    // Its stream may be taken by others in the meantime.
                    let home = end.max(self.free[self.stream[before as usize] as usize]);
                    (home.min(end + self.latency), end + self.waits.of(before, task))
                } else {
                    let end = self.estimates[before as usize] + dag.cost(before);
                    (end, end + self.waits.of(before, task))
                };
                start = start.max(end);
                (last, second) = if away > last { (away, last) } else { (last, second.max(away)) };
            }
            self.estimates[task as usize] = start.max(second);
        }
    }

    pub(super) fn profile(&self, dag: &Dag) -> Profile {
        let mut order: Vec<u32> = (0..self.free.len() as u32).collect();
        let free = |stream: u32| self.free[stream as usize].max(self.now);
        let hot = |task: u32| {
            let needed = dag.successors(task).iter().any(|&after| !self.has(after));
            needed && self.has(task) && self.end[task as usize] + self.latency > self.now
        };
        let hot: Vec<u32> = (0..dag.len() as u32).filter(|&task| hot(task)).collect();
        let first_hot = |stream: u32| hot.iter().position(|&task| self.stream[task as usize] == stream);
        order.sort_by_key(|&stream| (free(stream), first_hot(stream)));
        let data = hot.iter().map(|&task| {
            let arrivals = order.iter().map(|&stream| self.arrival(task, stream).max(free(stream)));
            (task, arrivals.collect())
        });
        Profile { free: order.iter().map(|&stream| free(stream)).collect(), data: data.collect() }
    }
}

impl Profile {
    /// Whether whatever follows `other` can follow this no later, stream by stream.
    pub(super) fn is_nowhere_later(&self, other: &Self) -> bool {
        let no_later =
            |times: &[u64], others: &[u64]| times.iter().zip(others).all(|(time, other)| time <= other);
        no_later(&self.free, &other.free)
            && self.data.iter().all(|(task, arrivals)| {
                let same = other.data.iter().find(|(other, _)| other == task);
                no_later(arrivals, same.map_or(&other.free, |(_, arrivals)| arrivals))
            })
    }
}
