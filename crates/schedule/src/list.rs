//! List scheduling: tasks by priority, each where it can start first.
//!
//! Three ways to place, all in `O((n + m) log n)`. *By task* takes the most urgent task whose predecessors are placed and puts
//! it on the stream where it starts first, in a gap if one fits (HEFT, Topcuoglu 2002). *By time* takes the stream that is free
//! first and gives it the most urgent task that may start there, so that nothing waits where it need not. *In order* gives it the
//! first task of the program that may, urgent or not. Streams are
//! equal, hence a task's data arrive at one of two times: at home, with the predecessor that ends last, and away, one latency
//! after that.

mod by_task;
mod by_time;
mod direction;
mod in_order;
mod ready;

use crate::{Dag, Engine, Plan};

pub use direction::{Reversed, tails, upward_rank};

/// A schedule with its times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The stream of each task.
    pub stream_of: Vec<u32>,
    /// When each task starts, in nanoseconds.
    pub start: Vec<u64>,
    /// When the last task has ended, in nanoseconds.
    pub makespan: u64,
}

impl Placement {
    /// The plan that issues tasks as they start, with streams numbered by first use.
    pub fn plan(&self, dag: &Dag) -> Plan {
        // Of tasks that start together, those that take no time go first, and then the smaller, which cannot depend on the larger.
        let starts = self.start.iter().zip(dag.costs()).zip(0u32..);
        // In one number, which compares without branches.
        let key = |((&start, &cost), task): ((&u64, &u64), u32)| {
            u128::from(start) << 33 | u128::from(cost > 0) << 32 | u128::from(task)
        };
        let mut starts: Vec<u128> = starts.map(key).collect();
        starts.sort_unstable();
        let order: Vec<u32> = starts.into_iter().map(|start| start as u32).collect();
        let mut number = Vec::new();
        let mut stream_of = vec![0; dag.len()];
        let mut streams = 0;
        for &task in &order {
            let stream = self.stream_of[task as usize] as usize;
            if stream >= number.len() {
                number.resize(stream + 1, u32::MAX);
            }
            if number[stream] == u32::MAX {
                number[stream] = streams;
                streams += 1;
            }
            stream_of[task as usize] = number[stream];
        }
        Plan { stream_of, streams, order, syncs: Vec::new() }
    }
}

/// How tasks are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The most urgent task, on the stream where it starts first.
    ByTask,
    /// The stream that is free first, with the most urgent task that can start there.
    ByTime,
    /// The stream that is free first, with the first task of the program that can start there; urgency does not matter.
    InOrder,
}

/// Streams and the latency between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    /// How many there are, at least 1.
    pub count: u32,
    /// From the end of a task to the start of a dependent one on another stream, in nanoseconds.
    pub latency: u64,
}

/// The schedule of `dag` on `streams` by `rule`, where a larger number in `urgency` goes first.
pub fn place(dag: &Dag, streams: Streams, rule: Rule, urgency: &[u64]) -> Placement {
    let mut placer = Placer::new(dag, streams);
    placer.place(rule, urgency);
    placer.placed
}

/// Places again and again without allocating.
#[derive(Debug)]
pub(crate) struct Placer<'a> {
    dag: &'a Dag,
    streams: Streams,
    placed: Placement,
    /// Predecessors not yet placed.
    missing: Vec<u32>,
    free: Vec<u64>,
    engine_free: [u64; 4],
    by_task: by_task::Lists,
    by_time: by_time::Lists,
    in_order: in_order::Lists,
}

/// When a task's data have arrived.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    /// The stream of the predecessor that ends last.
    home: u32,
    at_home: u64,
    away: u64,
}

impl<'a> Placer<'a> {
    pub(crate) fn new(dag: &'a Dag, streams: Streams) -> Self {
        let tasks = dag.len();
        Self {
            dag,
            streams: Streams { count: streams.count.max(1), ..streams },
            placed: Placement { stream_of: vec![0; tasks], start: vec![0; tasks], makespan: 0 },
            missing: Vec::with_capacity(tasks),
            free: Vec::new(),
            engine_free: [0; 4],
            by_task: by_task::Lists::default(),
            by_time: by_time::Lists::default(),
            in_order: in_order::Lists::default(),
        }
    }

    /// The schedule by `rule`, where a larger number in `urgency` goes first and the smaller task of equals.
    pub(crate) fn place(&mut self, rule: Rule, urgency: &[u64]) -> &Placement {
        self.missing.clear();
        self.missing.extend((0..self.dag.len() as u32).map(|task| self.dag.predecessors(task).len() as u32));
        self.free.clear();
        self.free.resize(self.streams.count as usize, 0);
        self.engine_free = [0; 4];
        self.placed.makespan = 0;
        match rule {
            Rule::ByTask => self.place_by_task(urgency),
            Rule::ByTime => self.place_by_time(urgency),
            Rule::InOrder => self.place_in_order(),
        }
        &self.placed
    }

    fn arrival(&self, task: u32) -> Arrival {
        let mut latest: Option<(u32, u64)> = None;
        let mut elsewhere: Option<u64> = None;
        for &before in self.dag.predecessors(task) {
            let stream = self.placed.stream_of[before as usize];
            let end = self.placed.start[before as usize] + self.dag.cost(before);
            match latest {
                Some((home, last)) if end > last => {
                    if stream != home {
                        elsewhere = elsewhere.max(Some(last));
                    }
                    latest = Some((stream, end));
                }
                Some((home, _)) if stream == home => {}
                Some(_) => elsewhere = elsewhere.max(Some(end)),
                None => latest = Some((stream, end)),
            }
        }
        let latency = self.streams.latency;
        let Some((home, last)) = latest else { return Arrival { home: u32::MAX, at_home: 0, away: 0 } };
        let at_home = elsewhere.map_or(last, |end| last.max(end + latency));
        Arrival { home, at_home, away: last + latency }
    }

    /// The time from which a copy finds its engine free; a kernel has its stream only.
    fn engine_free(&self, task: u32) -> u64 {
        match self.dag.engine(task) {
            Engine::Slot => 0,
            engine => self.engine_free[engine as usize],
        }
    }

    fn put(&mut self, task: u32, stream: u32, start: u64) -> u64 {
        let end = start + self.dag.cost(task);
        self.placed.stream_of[task as usize] = stream;
        self.placed.start[task as usize] = start;
        self.placed.makespan = self.placed.makespan.max(end);
        let engine = &mut self.engine_free[self.dag.engine(task) as usize];
        *engine = end.max(*engine);
        end
    }
}
