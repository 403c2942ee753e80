//! What comes before what in one graph, asked with one task held fast.
//!
//! Vector clocks answer at once, but take an entry for each stream at each wait. Where that is too much, the past and the future of
//! the fixed task are searched once and kept for the next question; all searches together are bounded.

use acg_entity::Entity;
use acg_trace::{Order, TaskId, Trace};

/// The most clock entries that are worth their memory.
const MAX_ENTRIES: u64 = 1 << 26;
/// How many waits all searches together may look at.
const MAX_VISITS: u64 = 1 << 27;

/// How a task stands to the fixed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is complete before the fixed task starts.
    Before,
    /// It starts after the fixed task is complete.
    Behind,
    /// The two can run at the same time.
    Apart,
    /// The search was given up.
    Unknown,
}

impl Relation {
    /// How the fixed task stands to the other.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Before => Self::Behind,
            Self::Behind => Self::Before,
            Self::Apart | Self::Unknown => self,
        }
    }
}

/// The order of one graph.
pub(super) struct Reach<'t> {
    trace: &'t Trace,
    answers: Answers<'t>,
}

enum Answers<'t> {
    Clocks(Order<'t>),
    Searches(Box<Searches>),
}

/// A place on a lane.
#[derive(Clone, Copy)]
struct Place {
    lane: u32,
    position: u32,
}

struct Searches {
    /// For each lane, its waits by position, and what each waits for.
    waits: Vec<Vec<(u32, Place)>>,
    /// For each lane, its records by position, and what each lets go on.
    records: Vec<Vec<(u32, Place)>>,
    fixed: Option<TaskId>,
    /// How many tasks of each lane are complete before the fixed one starts.
    past: Vec<u32>,
    /// From which task of each lane on all start after the fixed one is complete.
    future: Vec<u32>,
    visits_left: u64,
}

impl<'t> Reach<'t> {
    pub(super) fn of(trace: &'t Trace) -> Self {
        let lanes = trace.lanes.len() as u64;
        let entries = (trace.links.len() as u64 + lanes) * lanes;
        let answers = if entries <= MAX_ENTRIES {
            Answers::Clocks(Order::of(trace))
        } else {
            Answers::Searches(Box::new(Searches::of(trace)))
        };
        Self { trace, answers }
    }

    /// How `task` stands to `fixed`; questions about the same fixed task are best asked together.
    pub(super) fn relation(&mut self, task: TaskId, fixed: TaskId) -> Relation {
        let (own, other) = (&self.trace.tasks[task], &self.trace.tasks[fixed]);
        if own.lane == other.lane {
            return match own.position.cmp(&other.position) {
                std::cmp::Ordering::Less => Relation::Before,
                std::cmp::Ordering::Greater => Relation::Behind,
                std::cmp::Ordering::Equal => Relation::Apart,
            };
        }
        match &mut self.answers {
            Answers::Clocks(order) if order.before(task, fixed) => Relation::Before,
            Answers::Clocks(order) if order.before(fixed, task) => Relation::Behind,
            Answers::Clocks(_) => Relation::Apart,
            Answers::Searches(searches) => {
                if !searches.fix(fixed, place(self.trace, fixed)) {
                    return Relation::Unknown;
                }
                let own = place(self.trace, task);
                if searches.past[own.lane as usize] > own.position {
                    Relation::Before
                } else if searches.future[own.lane as usize] <= own.position {
                    Relation::Behind
                } else {
                    Relation::Apart
                }
            }
        }
    }

    /// Whether `first` is complete before `second` starts, with one of the two held fast.
    pub(super) fn is_before(&mut self, first: TaskId, second: TaskId, fixed: TaskId) -> bool {
        if fixed == first {
            self.relation(second, first) == Relation::Behind
        } else {
            self.relation(first, second) == Relation::Before
        }
    }
}

fn place(trace: &Trace, task: TaskId) -> Place {
    let data = &trace.tasks[task];
    Place { lane: data.lane.index() as u32, position: data.position }
}

impl Searches {
    fn of(trace: &Trace) -> Self {
        let lanes = trace.lanes.len();
        let (mut waits, mut records) = (vec![Vec::new(); lanes], vec![Vec::new(); lanes]);
        let mut has_run = vec![false; trace.tasks.len()];
        for &task in trace.links.schedule() {
            has_run[task.index()] = true;
            // In a circle the record has not run.
            if let Some(record) = trace.links.record_of(task).filter(|record| has_run[record.index()]) {
                let (record, wait) = (place(trace, record), place(trace, task));
                waits[wait.lane as usize].push((wait.position, record));
                records[record.lane as usize].push((record.position, wait));
            }
        }
        waits.iter_mut().chain(&mut records).for_each(|lane| lane.sort_unstable_by_key(|link| link.0));
        Self {
            waits,
            records,
            fixed: None,
            past: vec![0; lanes],
            future: vec![u32::MAX; lanes],
            visits_left: MAX_VISITS,
        }
    }

    /// Makes `task` the fixed one; says whether there was enough left for that.
    fn fix(&mut self, task: TaskId, place: Place) -> bool {
        if self.fixed == Some(task) {
            return true;
        }
        if self.visits_left == 0 {
            return false;
        }
        self.fixed = Some(task);
        self.search_past(place);
        self.search_future(place);
        true
    }

    fn search_past(&mut self, fixed: Place) {
        self.past.fill(0);
        // Parts of lanes, from the first position to behind the last.
        let mut pending = vec![(fixed.lane, 0, fixed.position + 1)];
        self.past[fixed.lane as usize] = fixed.position + 1;
        while let Some((lane, from, to)) = pending.pop() {
            let links = &self.waits[lane as usize];
            let first = links.partition_point(|link| link.0 < from);
            for &(_, record) in links[first..].iter().take_while(|link| link.0 < to) {
                self.visits_left = self.visits_left.saturating_sub(1);
                let known = &mut self.past[record.lane as usize];
                if record.position >= *known {
                    pending.push((record.lane, *known, record.position + 1));
                    *known = record.position + 1;
                }
            }
        }
    }

    fn search_future(&mut self, fixed: Place) {
        self.future.fill(u32::MAX);
        let mut pending = vec![(fixed.lane, fixed.position, u32::MAX)];
        self.future[fixed.lane as usize] = fixed.position;
        while let Some((lane, from, to)) = pending.pop() {
            let links = &self.records[lane as usize];
            let first = links.partition_point(|link| link.0 < from);
            for &(_, wait) in links[first..].iter().take_while(|link| link.0 < to) {
                self.visits_left = self.visits_left.saturating_sub(1);
                let known = &mut self.future[wait.lane as usize];
                if wait.position < *known {
                    pending.push((wait.lane, wait.position, *known));
                    *known = wait.position;
                }
            }
        }
    }
}
