//! Which wait waits for which record, found by running the lanes against each other.
//!
//! Mostly a captured event is recorded once, and every wait for it waits for that record. Where a signal is recorded several
//! times, order decides: the lanes are run as the device would run them, the lane with the shortest way behind it first, so
//! that every pair is one of an execution that can happen.
//!
//! - An event and a value stay set. The first wait of a lane pairs with the first record, its next wait with the next one, and a wait
//!   behind its own lane's record with none before that. A reset in between begins anew. The earliest record that fits is
//!   taken, so no order is claimed that an execution need not keep.
//! - A wait for a notify consumes its record: the k-th to come pairs with the k-th.
//!
//! Where every lane is stuck, a wait whose signal is set goes on; if there is none, the first stuck wait is let go on and
//! pairs with the next record of another lane. Only then is there a circle. A wait whose records are all behind it on its own
//! lane waits for something outside the graph, since capturing makes no wait before its record; so does a wait for an event
//! that is not reset where the others are, because capturing resets every event that is the graph's own.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use acg_entity::{Arena, Entity};
use rustc_hash::FxHashMap;

use crate::kind::Kind;
use crate::model::{LaneId, Part, TaskId, Trace};
use crate::signal::{Signal, SignalId, Signals};

/// What running the lanes gave.
pub(crate) struct Pairing {
    /// For each task, the record that it waits for.
    pub(crate) records: Vec<Option<TaskId>>,
    /// Every task that uses a signal, in an order in which they can run, except for circles.
    pub(crate) schedule: Vec<TaskId>,
    /// Whether a wait pairs with a record that runs after it.
    pub(crate) is_circular: bool,
}

/// Runs the lanes of `trace`.
pub(crate) fn pair(trace: &Trace, signals: &Signals) -> Pairing {
    let mut run = Run::new(trace, signals);
    loop {
        while let Some(Reverse((_, lane))) = run.ready.pop() {
            run.step(lane);
        }
        if !run.release_one() {
            return run.pairing;
        }
    }
}

/// A lane on its way.
struct Progress {
    /// Its next task that uses a signal, as a position in [`Run::tasks`].
    next: u32,
    end: u32,
    /// The longest way to where it is, in tasks, and its position there.
    way: u32,
    position: u32,
}

/// A signal on its way.
#[derive(Clone, Default)]
struct State {
    /// Where its records are in [`Run::done`]; how many ran, and how many there are.
    start: u32,
    ran: u32,
    total: u32,
    /// How many records ran before the last reset; of a notify, how many are consumed.
    used: u32,
    /// The waits that are stuck: what they need, or when they came; their lane; and their task.
    stuck: BinaryHeap<Reverse<(u32, LaneId, u32)>>,
    /// The waits that were let go on without a record.
    owed: VecDeque<TaskId>,
}

struct Run<'t> {
    trace: &'t Trace,
    signals: &'t Signals,
    pairing: Pairing,
    /// The tasks that use a signal, lane by lane.
    tasks: Vec<TaskId>,
    lanes: Arena<LaneId, Progress>,
    states: Arena<SignalId, State>,
    /// The records that ran, signal by signal, each with the longest way to it.
    done: Vec<(TaskId, u32)>,
    /// From which record of a signal on the next wait of a lane can pair; only for signals recorded several times.
    from: FxHashMap<(LaneId, SignalId), u32>,
    /// How many records ran before a lane's last reset of a signal.
    resets: FxHashMap<(LaneId, SignalId), u32>,
    ready: BinaryHeap<Reverse<(u32, LaneId)>>,
    stuck: BTreeSet<LaneId>,
    /// The stuck lanes whose signal was recorded.
    set: BTreeSet<LaneId>,
    arrivals: u32,
    /// Whether the capture was ended, so that its events are reset.
    has_resets: bool,
}

impl<'t> Run<'t> {
    fn new(trace: &'t Trace, signals: &'t Signals) -> Self {
        let mut tasks = Vec::new();
        let mut lanes: Arena<LaneId, Progress> = Arena::default();
        for lane in trace.lanes.keys() {
            let next = tasks.len() as u32;
            let uses_signal = |task: &&TaskId| {
                let part = trace.tasks[**task].part;
                signals.of_task(**task).is_some() && !matches!(part, Part::Callback | Part::ClosingReset)
            };
            tasks.extend(trace.lane_tasks(lane).iter().filter(uses_signal));
            lanes.push(Progress { next, end: tasks.len() as u32, way: 0, position: 0 });
        }
        let mut start = 0;
        let states = signals.uses.values().map(|uses| {
            let state = State { start, total: uses.records, ..State::default() };
            start += uses.records;
            state
        });
        let states: Arena<SignalId, State> = states.collect();
        let pairing = Pairing {
            records: vec![None; trace.tasks.len()],
            schedule: Vec::with_capacity(tasks.len()),
            is_circular: false,
        };
        let mut run = Self {
            trace,
            signals,
            pairing,
            tasks,
            lanes,
            states,
            done: vec![(TaskId::at(0), 0); start as usize],
            from: FxHashMap::default(),
            resets: FxHashMap::default(),
            ready: BinaryHeap::new(),
            stuck: BTreeSet::new(),
            set: BTreeSet::new(),
            arrivals: 0,
            has_resets: trace.tasks.values().any(|task| task.part == Part::ClosingReset),
        };
        trace.lanes.keys().for_each(|lane| run.make_ready(lane));
        run
    }

    /// Lets a lane run its next task when its turn comes.
    fn make_ready(&mut self, lane: LaneId) {
        let progress = &self.lanes[lane];
        if progress.next < progress.end {
            let position = self.trace.tasks[self.tasks[progress.next as usize]].position;
            self.ready.push(Reverse((progress.way + (position - progress.position), lane)));
        }
    }

    /// Runs the next task of a lane if it can run.
    fn step(&mut self, lane: LaneId) {
        let task = self.tasks[self.lanes[lane].next as usize];
        let Some(signal) = self.signals.of_task(task) else { return };
        match self.trace.tasks[task].kind {
            kind if kind.is_record() => {
                self.advance(lane, task, 0);
                self.record(lane, task, signal);
            }
            kind if kind.is_wait() => self.wait(lane, task, signal),
            Kind::EventReset if self.is_lasting(signal) => {
                let state = &mut self.states[signal];
                state.used = state.ran;
                self.resets.insert((lane, signal), state.ran);
                self.advance(lane, task, 0);
            }
            _ => self.advance(lane, task, 0),
        }
    }

    /// Moves a lane behind `task`, whose cause is `way` long.
    fn advance(&mut self, lane: LaneId, task: TaskId, way: u32) {
        let position = self.trace.tasks[task].position;
        let progress = &mut self.lanes[lane];
        progress.way = way.max(progress.way + (position - progress.position)) + 1;
        progress.position = position + 1;
        progress.next += 1;
        self.pairing.schedule.push(task);
        self.make_ready(lane);
    }

    /// Whether a signal stays set when it is waited for.
    fn is_lasting(&self, signal: SignalId) -> bool {
        !matches!(self.signals.uses[signal].signal, Signal::Notify(_))
    }

    fn record(&mut self, lane: LaneId, task: TaskId, signal: SignalId) {
        let is_lasting = self.is_lasting(signal);
        let way = self.lanes[lane].way;
        let state = &mut self.states[signal];
        let index = state.ran;
        self.done[(state.start + index) as usize] = (task, way);
        state.ran += 1;
        if is_lasting && state.total > 1 {
            let from = self.from.entry((lane, signal)).or_default();
            *from = index.max(*from);
        }
        // Every wait for an event goes on with it, but a notify is consumed by one.
        while let Some(wait) = state.owed.pop_front() {
            if self.trace.tasks[wait].lane == lane {
                continue;
            }
            self.pairing.records[wait.index()] = Some(task);
            self.pairing.is_circular = true;
            if !is_lasting {
                state.used += 1;
                break;
            }
        }
        self.wake(signal, index, is_lasting);
    }

    /// Lets the stuck waits go on that the record `index` of `signal` is for.
    fn wake(&mut self, signal: SignalId, index: u32, is_lasting: bool) {
        let mut waiting = std::mem::take(&mut self.states[signal].stuck);
        while let Some(&Reverse((need, lane, next))) = waiting.peek() {
            // A lane that was let go on is no longer there.
            if !self.stuck.contains(&lane) || self.lanes[lane].next != next {
                waiting.pop();
                continue;
            }
            let state = &self.states[signal];
            if if is_lasting { need > index } else { state.used >= state.ran } {
                break;
            }
            waiting.pop();
            self.free(lane);
            let task = self.tasks[next as usize];
            let place = if is_lasting { need } else { self.states[signal].used };
            self.take(lane, task, signal, place);
        }
        if index == 0 && is_lasting {
            let still = waiting.iter().map(|Reverse((_, lane, _))| *lane);
            self.set.extend(still.filter(|lane| self.stuck.contains(lane)));
        }
        // Taking cannot make a wait for the same signal stuck: lanes only run when their turn comes.
        self.states[signal].stuck = waiting;
    }

    fn free(&mut self, lane: LaneId) {
        self.stuck.remove(&lane);
        self.set.remove(&lane);
    }

    fn wait(&mut self, lane: LaneId, task: TaskId, signal: SignalId) {
        let is_lasting = self.is_lasting(signal);
        let state = &self.states[signal];
        if state.total == 0 || self.resets.get(&(lane, signal)).is_some_and(|&reset| reset >= state.total) {
            // Nothing in the graph records it, or nothing does again after the lane's own reset.
            return self.advance(lane, task, 0);
        }
        let need = if is_lasting {
            let from = if state.total > 1 { self.from.get(&(lane, signal)).copied().unwrap_or(0) } else { 0 };
            from.max(state.used).min(state.total - 1)
        } else {
            state.used
        };
        if need < state.ran {
            return self.take(lane, task, signal, need);
        }
        let is_set = is_lasting && state.ran > 0;
        let order = if is_lasting { need } else { self.arrivals };
        self.arrivals += 1;
        let next = self.lanes[lane].next;
        self.states[signal].stuck.push(Reverse((order, lane, next)));
        self.stuck.insert(lane);
        if is_set {
            self.set.insert(lane);
        }
    }

    /// Pairs a wait with the record `index` of its signal and moves its lane behind it.
    fn take(&mut self, lane: LaneId, task: TaskId, signal: SignalId, index: u32) {
        let is_lasting = self.is_lasting(signal);
        let state = &mut self.states[signal];
        let (record, way) = self.done[(state.start + index) as usize];
        if !is_lasting {
            state.used += 1;
        } else if state.total > 1 {
            self.from.insert((lane, signal), index + 1);
        }
        self.pairing.records[task.index()] = Some(record);
        self.advance(lane, task, way);
    }

    /// Lets one stuck lane go on; says whether there was one.
    fn release_one(&mut self) -> bool {
        let Some(&lane) = self.set.first().or_else(|| self.stuck.first()) else { return false };
        self.free(lane);
        let task = self.tasks[self.lanes[lane].next as usize];
        let Some(signal) = self.signals.of_task(task) else { return true };
        let is_lasting = self.is_lasting(signal);
        let state = &self.states[signal];
        if is_lasting && state.ran > 0 {
            let latest = state.ran - 1;
            self.take(lane, task, signal, latest);
        } else {
            if !self.is_external(signal) {
                self.states[signal].owed.push_back(task);
            }
            self.advance(lane, task, 0);
        }
        true
    }

    /// Whether a signal is an event that is not the graph's own.
    fn is_external(&self, signal: SignalId) -> bool {
        let uses = &self.signals.uses[signal];
        self.has_resets && uses.resets == 0 && !matches!(uses.signal, Signal::Notify(_))
    }
}
