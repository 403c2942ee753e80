//! Replays a plan on the device model, task by task.
//!
//! Times come from the plan's streams and order alone, never from the scheduler that made it, so that a reported makespan is
//! checked and not believed. A sync that others imply changes no time: its path crosses streams too and so pays the latency.
//!
//! **Invariant:** a task starts the moment its engine and everything before it allow; of several, the smallest goes first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::{Dag, Device, Engine, Plan, Rows};

/// When each task runs, in nanoseconds from the start of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timetable {
    /// When each task starts.
    pub start: Vec<u64>,
    /// When each task has ended.
    pub finish: Vec<u64>,
    /// When the last task has ended.
    pub makespan: u64,
}

/// The timetable of `plan` on `device`; dependences across streams and the plan's syncs pay the latency.
///
/// `None` where the plan contradicts `dag`: a task missing or twice, or an order that never ends waiting.
pub fn simulate(dag: &Dag, device: &Device, plan: &Plan) -> Option<Timetable> {
    let tasks = dag.len();
    if plan.stream_of.len() != tasks
        || plan.order.len() != tasks
        || plan.stream_of.iter().any(|&on| on >= plan.streams)
        || plan.syncs.iter().any(|sync| sync.before.max(sync.after) as usize >= tasks)
    {
        return None;
    }
    if never_contends(dag, device, plan) {
        return in_order(dag, device, plan);
    }
    let waits = Waits::new(dag, plan)?;
    let mut replay = Replay::new(dag, device, plan, &waits);
    replay.run();
    let makespan = replay.finish.iter().copied().max().unwrap_or(0);
    (replay.ended == tasks).then_some(Timetable { start: replay.start, finish: replay.finish, makespan })
}

/// Whether every task finds its engine idle: only kernels, and a slot for each stream.
fn never_contends(dag: &Dag, device: &Device, plan: &Plan) -> bool {
    device.slots.is_none_or(|slots| slots >= plan.streams)
        && (0..dag.len() as u32).all(|task| dag.engine(task) == Engine::Slot)
}

/// The timetable where nothing contends: each task as soon as its stream and its data allow, in the order of issue.
fn in_order(dag: &Dag, device: &Device, plan: &Plan) -> Option<Timetable> {
    let tasks = dag.len();
    let waits = plan.waits();
    let mut start = vec![u64::MAX; tasks];
    let mut finish = vec![u64::MAX; tasks];
    let mut free = vec![0; plan.streams as usize];
    for &task in &plan.order {
        let stream = *plan.stream_of.get(task as usize)?;
        let mut ready = free[stream as usize];
        let waited = waits.of(task).iter().map(|&before| (before, true));
        let data =
            dag.predecessors(task).iter().map(|&before| (before, plan.stream_of[before as usize] != stream));
        for (before, away) in data.chain(waited) {
            let end = *finish.get(before as usize).filter(|&&end| end != u64::MAX)?;
            ready = ready.max(end + if away { device.sync_latency } else { 0 });
        }
        if start[task as usize] != u64::MAX {
            return None;
        }
        start[task as usize] = ready;
        finish[task as usize] = ready + dag.cost(task);
        free[stream as usize] = finish[task as usize];
    }
    let makespan = free.into_iter().max().unwrap_or(0);
    Some(Timetable { start, finish, makespan })
}

const NONE: u32 = u32::MAX;

/// What each task waits for: its stream's task before it, dependences, and syncs.
struct Waits {
    next_on_stream: Vec<u32>,
    waiting: Rows<u32>,
    missing: Vec<u32>,
}

impl Waits {
    fn new(dag: &Dag, plan: &Plan) -> Option<Self> {
        let tasks = dag.len();
        let mut missing = vec![NONE; tasks];
        let mut next_on_stream = vec![NONE; tasks];
        let mut last = vec![NONE; plan.streams as usize];
        for &task in &plan.order {
            let count = missing.get_mut(task as usize).filter(|count| **count == NONE)?;
            let before = std::mem::replace(&mut last[plan.stream_of[task as usize] as usize], task);
            *count = dag.predecessors(task).len() as u32 + u32::from(before != NONE);
            if before != NONE {
                next_on_stream[before as usize] = task;
            }
        }
        plan.syncs.iter().for_each(|sync| missing[sync.after as usize] += 1);
        Some(Self { next_on_stream, waiting: plan.waiting(), missing })
    }
}

const ENGINES: usize = 4;

struct Replay<'a> {
    dag: &'a Dag,
    plan: &'a Plan,
    waits: &'a Waits,
    latency: u64,
    missing: Vec<u32>,
    /// When everything that has ended so far lets the task start.
    ready: Vec<u64>,
    start: Vec<u64>,
    finish: Vec<u64>,
    ended: usize,
    /// What happens next: a task is ready to start, or it ends.
    events: BinaryHeap<Reverse<(u64, u32, bool)>>,
    waiting: [BinaryHeap<Reverse<u32>>; ENGINES],
    idle: [u32; ENGINES],
}

impl<'a> Replay<'a> {
    fn new(dag: &'a Dag, device: &Device, plan: &'a Plan, waits: &'a Waits) -> Self {
        let tasks = dag.len();
        let missing = waits.missing.clone();
        let sources = (0..tasks as u32).filter(|&task| missing[task as usize] == 0);
        Self {
            dag,
            plan,
            waits,
            latency: device.sync_latency,
            events: sources.map(|task| Reverse((0, task, false))).collect(),
            missing,
            ready: vec![0; tasks],
            start: vec![0; tasks],
            finish: vec![0; tasks],
            ended: 0,
            waiting: Default::default(),
            idle: [device.slots.unwrap_or(u32::MAX).max(1), 1, 1, 1],
        }
    }

    fn run(&mut self) {
        while let Some(&Reverse((now, _, _))) = self.events.peek() {
            while let Some(&Reverse((time, task, ends))) = self.events.peek()
                && time == now
            {
                self.events.pop();
                if ends {
                    self.end(task, now);
                } else {
                    self.waiting[engine_index(self.dag.engine(task))].push(Reverse(task));
                }
            }
            for engine in 0..ENGINES {
                self.dispatch(engine, now);
            }
        }
    }

    fn dispatch(&mut self, engine: usize, now: u64) {
        while self.idle[engine] > 0
            && let Some(Reverse(task)) = self.waiting[engine].pop()
        {
            self.idle[engine] -= 1;
            let end = now + self.dag.cost(task);
            self.start[task as usize] = now;
            self.finish[task as usize] = end;
            self.events.push(Reverse((end, task, true)));
        }
    }

    fn end(&mut self, task: u32, now: u64) {
        self.idle[engine_index(self.dag.engine(task))] += 1;
        self.ended += 1;
        let stream = self.plan.stream_of[task as usize];
        for &after in self.dag.successors(task) {
            let same = self.plan.stream_of[after as usize] == stream;
            self.release(after, now + if same { 0 } else { self.latency });
        }
        for &after in self.waits.waiting.of(task) {
            self.release(after, now + self.latency);
        }
        let next = self.waits.next_on_stream[task as usize];
        if next != NONE {
            self.release(next, now);
        }
    }

    fn release(&mut self, task: u32, time: u64) {
        let ready = &mut self.ready[task as usize];
        *ready = (*ready).max(time);
        let missing = &mut self.missing[task as usize];
        *missing -= 1;
        if *missing == 0 {
            self.events.push(Reverse((*ready, task, false)));
        }
    }
}

fn engine_index(engine: Engine) -> usize {
    match engine {
        Engine::Slot => 0,
        Engine::HostToDevice => 1,
        Engine::DeviceToHost => 2,
        Engine::DeviceToDevice => 3,
    }
}
