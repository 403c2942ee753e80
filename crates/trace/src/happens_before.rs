//! What is complete before what starts, in every execution of the graph.
//!
//! Lanes run their tasks in order, and a wait comes after its record; what else is ordered follows from these two. Where lanes wait
//! for each other in a circle, nothing runs, and the waits whose records come later order nothing.
//!
//! **Invariant:** [`Order::before`] is a strict partial order.

use acg_entity::{Arena, Entity};
use acg_ir::{Clocks, Place};
use rustc_hash::FxHashMap;

use crate::model::{LaneId, TaskId, Trace};

/// The most clock entries that are kept, 256 MiB; with more, questions are answered by searching instead.
const MAX_ENTRIES: u64 = 1 << 26;

/// The happens-before relation of a trace.
#[derive(Debug)]
pub struct Order<'t> {
    trace: &'t Trace,
    answers: Answers,
}

#[derive(Debug)]
enum Answers {
    /// Every task's place in vector clocks.
    Clocks { clocks: Clocks, places: Vec<Place> },
    /// For each lane the positions of its waits and what they wait for; searched for every question.
    Search(Arena<LaneId, Vec<(u32, TaskId)>>),
}

impl<'t> Order<'t> {
    /// The order of `trace`.
    pub fn of(trace: &'t Trace) -> Self {
        let entries = (trace.links.len() as u64 + trace.lanes.len() as u64) * trace.lanes.len() as u64;
        Self::with_limit(trace, entries <= MAX_ENTRIES)
    }

    fn with_limit(trace: &'t Trace, by_clocks: bool) -> Self {
        let answers = if by_clocks { by_clocks_of(trace) } else { by_search_of(trace) };
        Self { trace, answers }
    }

    /// Whether `first` is complete before `second` starts, in every execution.
    pub fn before(&self, first: TaskId, second: TaskId) -> bool {
        let task = &self.trace.tasks[first];
        if task.lane == self.trace.tasks[second].lane {
            return task.position < self.trace.tasks[second].position;
        }
        match &self.answers {
            Answers::Clocks { clocks, places } => {
                clocks.before(places[first.index()], places[second.index()])
            }
            Answers::Search(waits) => self.search(waits, second, task.lane) > task.position,
        }
    }

    /// Whether the two are ordered either way; a task is not ordered with itself.
    pub fn ordered(&self, first: TaskId, second: TaskId) -> bool {
        self.before(first, second) || self.before(second, first)
    }

    /// How many tasks of `lane`, from its beginning, are complete before `task` starts.
    pub fn complete(&self, task: TaskId, lane: LaneId) -> u32 {
        let own = &self.trace.tasks[task];
        if own.lane == lane {
            return own.position;
        }
        match &self.answers {
            Answers::Clocks { .. } => {
                self.trace.lane_tasks(lane).partition_point(|&other| self.before(other, task)) as u32
            }
            Answers::Search(waits) => self.search(waits, task, lane),
        }
    }

    /// How many tasks of `lane` are complete before `task` starts.
    fn search(&self, waits: &Arena<LaneId, Vec<(u32, TaskId)>>, task: TaskId, lane: LaneId) -> u32 {
        let start = &self.trace.tasks[task];
        let mut reached = FxHashMap::default();
        let mut pending = vec![(start.lane, 0, start.position + 1)];
        reached.insert(start.lane, start.position + 1);
        while let Some((at, from, to)) = pending.pop() {
            let own = &waits[at];
            let first = own.partition_point(|&(position, _)| position < from);
            for &(_, record) in own[first..].iter().take_while(|&&(position, _)| position < to) {
                let record = &self.trace.tasks[record];
                let known = reached.entry(record.lane).or_insert(0);
                if record.position >= *known {
                    pending.push((record.lane, *known, record.position + 1));
                    *known = record.position + 1;
                }
            }
        }
        reached.get(&lane).copied().unwrap_or(0)
    }
}

fn by_clocks_of(trace: &Trace) -> Answers {
    let mut clocks = Clocks::new(trace.lanes.len());
    let mut places: Vec<Option<Place>> = vec![None; trace.tasks.len()];
    let mut next: Arena<LaneId, u32> = Arena::filled(trace.lanes.len(), 0);
    let mut run_to = |clocks: &mut Clocks, places: &mut Vec<Option<Place>>, lane: LaneId, end: u32| {
        let tasks = trace.lane_tasks(lane);
        for &task in &tasks[next[lane] as usize..end as usize] {
            places[task.index()] = Some(clocks.step(lane.index() as u32));
        }
        next[lane] = end;
    };
    for &task in trace.links.schedule() {
        let data = &trace.tasks[task];
        run_to(&mut clocks, &mut places, data.lane, data.position);
        // In a circle the record has not run.
        if let Some(record) = trace.links.record_of(task)
            && let Some(record) = places[record.index()]
        {
            clocks.join(data.lane.index() as u32, record);
        }
        run_to(&mut clocks, &mut places, data.lane, data.position + 1);
    }
    for lane in trace.lanes.keys() {
        run_to(&mut clocks, &mut places, lane, trace.lane_tasks(lane).len() as u32);
    }
    Answers::Clocks { clocks, places: places.into_iter().flatten().collect() }
}

fn by_search_of(trace: &Trace) -> Answers {
    let mut waits: Arena<LaneId, Vec<(u32, TaskId)>> = Arena::filled(trace.lanes.len(), Vec::new());
    let mut has_run = vec![false; trace.tasks.len()];
    for &task in trace.links.schedule() {
        has_run[task.index()] = true;
        if let Some(record) = trace.links.record_of(task).filter(|record| has_run[record.index()]) {
            waits[trace.tasks[task].lane].push((trace.tasks[task].position, record));
        }
    }
    Answers::Search(waits)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    /// A dump of up to four streams whose tasks record and wait for a few signals, and start streams, at will.
    fn arbitrary() -> impl Strategy<Value = String> {
        const TYPES: [&str; 11] = [
            "EVENT_RECORD",
            "EVENT_WAIT",
            "NOTIFY_RECORD",
            "NOTIFY_WAIT",
            "EVENT_RESET",
            "EVENT_RECORD",
            "EVENT_WAIT",
            "MEM_WRITE_VALUE",
            "MEM_WAIT_VALUE",
            "HOSTFUNC_CALLBACK",
            "STREAM_ACTIVE",
        ];
        let task = (0..TYPES.len(), 0..5i32);
        proptest::collection::vec(proptest::collection::vec(task, 0..8), 1..5).prop_map(|streams| {
            let mut text = "[".to_owned();
            for (stream, tasks) in streams.iter().enumerate() {
                for &(kind, id) in tasks {
                    let _ = write!(
                        text,
                        r#"{{"name": "{0}_{id}", "args": {{"Stream Id": {stream}, "Task Type": "{0}", "Active Stream Id": {1}}}}},"#,
                        TYPES[kind],
                        id - 1
                    );
                }
            }
            text + "]"
        })
    }

    /// The relation by its definition: reachability over lanes and pairs that go forward in the schedule.
    fn reachable(trace: &Trace) -> Vec<Vec<bool>> {
        let count = trace.tasks.len();
        let mut before = vec![vec![false; count]; count];
        let mut has_run = vec![false; count];
        for &task in trace.links.schedule() {
            has_run[task.index()] = true;
            if let Some(record) = trace.links.record_of(task).filter(|record| has_run[record.index()]) {
                before[record.index()][task.index()] = true;
            }
        }
        for lane in trace.lanes.keys() {
            for pair in trace.lane_tasks(lane).windows(2) {
                before[pair[0].index()][pair[1].index()] = true;
            }
        }
        for middle in 0..count {
            let behind = before[middle].clone();
            for row in before.iter_mut().filter(|row| row[middle]) {
                row.iter_mut().zip(&behind).for_each(|(known, &more)| *known |= more);
            }
        }
        before
    }

    proptest! {
        #[test]
        fn clocks_and_search_agree_with_reachability(text in arbitrary()) {
            let dump = acg_dump::read_any(&mut text.as_bytes()).unwrap().dumps.remove(0);
            let trace = Trace::of(dump);
            let expected = reachable(&trace);
            let orders = [Order::with_limit(&trace, true), Order::with_limit(&trace, false)];
            for first in trace.tasks.keys() {
                prop_assert!(!expected[first.index()][first.index()]);
                for second in trace.tasks.keys() {
                    for order in &orders {
                        let found = order.before(first, second);
                        prop_assert_eq!(found, expected[first.index()][second.index()], "{} {}", first, second);
                    }
                    let lane = trace.tasks[first].lane;
                    prop_assert_eq!(orders[0].complete(second, lane), orders[1].complete(second, lane));
                }
            }
        }

        #[test]
        fn pairs_are_of_one_signal_and_circles_are_circles(text in arbitrary()) {
            let dump = acg_dump::read_any(&mut text.as_bytes()).unwrap().dumps.remove(0);
            let trace = Trace::of(dump);
            for wait in trace.tasks.keys() {
                if let Some(record) = trace.links.record_of(wait) {
                    prop_assert_eq!(trace.record(record).suffix, trace.record(wait).suffix);
                    prop_assert!(trace.links.waits_of(record).contains(&wait));
                    let consumed = trace.tasks[wait].kind == crate::Kind::NotifyWait;
                    prop_assert!(!consumed || trace.links.waits_of(record).len() == 1);
                }
            }
            for circle in trace.links.circles() {
                for (at, &task) in circle.iter().enumerate() {
                    let next = circle[(at + 1) % circle.len()];
                    let on_lane = trace.tasks[task].lane == trace.tasks[next].lane
                        && trace.tasks[task].position < trace.tasks[next].position;
                    prop_assert!(on_lane || trace.links.record_of(next) == Some(task));
                }
            }
            prop_assert_eq!(trace.tasks.len(), trace.order.len());
            let _ = crate::Fingerprint::of(&trace);
        }
    }
}
