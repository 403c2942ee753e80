//! Considers every schedule of a small graph.
//!
//! Tasks are appended to streams in the order of their starts: every schedule without needless waits is found so. A state is the
//! set of tasks appended, when each stream is free, and where data are that have not yet reached every stream; a state
//! that is no earlier anywhere than one already considered leads nowhere new. Windows under the deadline cut off the rest.
//!
//! **Invariant:** a task never starts before the one appended last, in every state alike, so that what follows the later of two
//! states can follow the earlier; `exhausted` is only said when no state was left out for any other reason.

mod state;
mod twins;

use rustc_hash::FxHashMap;

use crate::Dag;
use crate::list::{Placement, Streams};
use crate::refute::Refuter;
use state::{Profile, State};
use twins::Twins;

/// Graphs with more tasks are not considered.
pub(crate) const MOST_TASKS: usize = 128;
/// More streams than this are not considered.
pub(crate) const MOST_STREAMS: u32 = 8;
/// States remembered at most; more are still considered, but may be again.
const MOST_STATES: usize = 400_000;

/// What the search came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// A shorter schedule, if there is one.
    pub(crate) better: Option<Placement>,
    /// Whether nothing is shorter than `better`, or than the deadline where there is none.
    pub(crate) exhausted: bool,
}

/// Looks for a schedule shorter than `makespan` among all, appending at most `nodes` tasks.
///
/// `None` where the graph is too large or uses copy engines, whose order the device decides.
pub(crate) fn search(dag: &Dag, streams: Streams, makespan: u64, grid: u64, nodes: u64) -> Option<Outcome> {
    let copies = (0..dag.len() as u32).filter(|&task| dag.engine(task) != crate::Engine::Slot).count();
    if dag.len() > MOST_TASKS || streams.count > MOST_STREAMS || copies > 0 || makespan < grid {
        return None;
    }
    let mut search = Search {
        dag,
        streams,
        grid,
        left: nodes,
        latest: Vec::new(),
        by_deadline: Vec::new(),
        twins: Twins::new(dag),
        seen: FxHashMap::default(),
        best: None,
        proved: false,
        deadline: makespan - grid,
        chosen: vec![(0, 0); dag.len()],
    };
    let exhausted = !search.limit(makespan - grid) || {
        let mut root = State::new(dag, streams);
        search.extend(&mut root)
    };
    Some(Outcome { better: search.best, exhausted })
}

struct Search<'a> {
    dag: &'a Dag,
    streams: Streams,
    grid: u64,
    left: u64,
    deadline: u64,
    /// The latest start of each task under the deadline.
    latest: Vec<u64>,
    /// Tasks by when they must have ended.
    by_deadline: Vec<u32>,
    twins: Twins,
    seen: FxHashMap<u128, Vec<Profile>>,
    best: Option<Placement>,
    /// Nothing is shorter than `best`.
    proved: bool,
    /// Stream and start of appended tasks.
    chosen: Vec<(u32, u64)>,
}

/// A task on a stream.
struct Choice {
    task: u32,
    stream: u32,
    start: u64,
}

impl Search<'_> {
    /// Looks for schedules within `deadline` from now on; `false` where there is none.
    fn limit(&mut self, deadline: u64) -> bool {
        self.deadline = deadline;
        let Some(latest) = Refuter::new(self.dag, self.streams).latest_starts(deadline) else { return false };
        self.latest = latest;
        self.by_deadline = (0..self.dag.len() as u32).collect();
        self.by_deadline.sort_by_key(|&task| self.latest[task as usize] + self.dag.cost(task));
        true
    }

    /// Considers everything after `state`; whether nothing was left out.
    fn extend(&mut self, state: &mut State) -> bool {
        if state.appended == self.dag.len() as u32 {
            self.found(state);
            return true;
        }
        if self.proved || !self.is_possible(state) || self.is_seen(state) {
            return true;
        }
        let mut choices = self.choices(state);
        choices.sort_by_key(|choice| {
            (choice.start, self.latest[choice.task as usize], choice.task, choice.stream)
        });
        for choice in choices {
            if self.proved {
                return true;
            }
            if self.left == 0 {
                return false;
            }
            if choice.start > self.latest[choice.task as usize] {
                continue;
            }
            self.left -= 1;
            let undo = state.append(self.dag, choice.task, choice.stream, choice.start);
            self.chosen[choice.task as usize] = (choice.stream, choice.start);
            let complete = self.extend(state);
            state.take_back(self.dag, choice.task, choice.stream, undo);
            if !complete {
                return false;
            }
        }
        true
    }

    fn found(&mut self, state: &State) {
        let makespan = state.last_end();
        if makespan > self.deadline {
            return;
        }
        self.best = Some(Placement {
            stream_of: self.chosen.iter().map(|chosen| chosen.0).collect(),
            start: self.chosen.iter().map(|chosen| chosen.1).collect(),
            makespan,
        });
        self.proved = makespan < self.grid || !self.limit(makespan - self.grid);
    }

    /// Every ready task on every stream that differs from the others.
    fn choices(&self, state: &State) -> Vec<Choice> {
        let mut choices = Vec::new();
        for &task in &state.ready {
            if self.twins.must_wait(task, state.tasks) {
                continue;
            }
            for stream in 0..self.streams.count {
                if !state.is_like_an_earlier(stream) {
                    choices.push(Choice { task, stream, start: state.start(self.dag, task, stream) });
                }
            }
        }
        choices
    }

    /// Whether the tasks left can meet their deadlines, one by one and all together.
    fn is_possible(&self, state: &mut State) -> bool {
        state.estimate(self.dag);
        let open = |task: u32| !state.has(task);
        let mut work = 0;
        for &task in self.by_deadline.iter().filter(|&&task| open(task)) {
            let latest = self.latest[task as usize];
            if state.estimates[task as usize] > latest {
                return false;
            }
            work += self.dag.cost(task);
            let end = latest + self.dag.cost(task);
            if work > state.free.iter().map(|&free| end.saturating_sub(free.max(state.now))).sum() {
                return false;
            }
        }
        true
    }

    /// Whether a state with the same tasks was considered that is nowhere later; remembers this one if not.
    fn is_seen(&mut self, state: &State) -> bool {
        let profile = state.profile(self.dag);
        let full = self.seen.len() >= MOST_STATES;
        if full && !self.seen.contains_key(&state.tasks) {
            return false;
        }
        let known = self.seen.entry(state.tasks).or_default();
        if known.iter().any(|other| other.is_nowhere_later(&profile)) {
            return true;
        }
        known.retain(|other| !profile.is_nowhere_later(other));
        if known.len() < 64 {
            known.push(profile);
        }
        false
    }
}
