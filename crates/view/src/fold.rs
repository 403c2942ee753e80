//! Tasks that are drawn as one: runs of placeholders, the resets that close a capture, a host function with its signal.
//!
//! **Invariant:** every task is in exactly one item, and the tasks of an item follow each other on its lane.

use std::ops::Range;

use acg_entity::Entity;
use acg_trace::{GroupId, Kind, LaneId, Part, TaskId, Trace};

/// What is drawn as one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) lane: LaneId,
    /// The position of its first task on the lane.
    pub(crate) first: u32,
    /// How many tasks it has, at least one.
    pub(crate) count: u32,
    pub(crate) fold: Fold,
}

/// Why tasks are one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// There is only one.
    Single,
    /// Placeholders in a row.
    Nops,
    /// The placeholders that begin a task group.
    GroupHead(GroupId),
    /// The resets that capturing put behind the origin stream.
    ClosingResets,
    /// A host function and the signal that it goes on with.
    HostFunction,
}

/// The items of a trace, lane by lane.
#[derive(Debug)]
pub(crate) struct Items {
    pub(crate) all: Vec<Item>,
    /// The item of each task.
    of_task: Vec<u32>,
    /// The items of each lane.
    lanes: Vec<Range<u32>>,
}

impl Items {
    /// Folds the tasks of `trace`.
    pub(crate) fn folded(trace: &Trace) -> Self {
        Self::of(trace, fold_after)
    }

    /// Every task as an item of its own.
    pub(crate) fn unfolded(trace: &Trace) -> Self {
        Self::of(trace, |_, _, _| None)
    }

    fn of(trace: &Trace, fold: fn(&Trace, &Item, TaskId) -> Option<Fold>) -> Self {
        let mut items: Vec<Item> = Vec::with_capacity(trace.tasks.len());
        let mut of_task = vec![0; trace.tasks.len()];
        let lanes = trace.lanes.keys().map(|lane| {
            let start = items.len();
            for (position, &task) in trace.lane_tasks(lane).iter().enumerate() {
                let last = items[start..].last_mut();
                match last.and_then(|item| fold(trace, item, task).map(|fold| (item, fold))) {
                    Some((item, fold)) => (item.fold, item.count) = (fold, item.count + 1),
                    None => {
                        items.push(Item { lane, first: position as u32, count: 1, fold: alone(trace, task) });
                    }
                }
                of_task[task.index()] = items.len() as u32 - 1;
            }
            start as u32..items.len() as u32
        });
        let lanes = lanes.collect();
        Self { all: items, of_task, lanes }
    }

    /// The item that a task is in.
    pub(crate) fn of_task(&self, task: TaskId) -> usize {
        self.of_task[task.index()] as usize
    }

    /// The items of a lane, in the order in which it runs them.
    pub(crate) fn of_lane(&self, lane: LaneId) -> Range<usize> {
        let range = &self.lanes[lane.index()];
        range.start as usize..range.end as usize
    }
}

impl Item {
    /// Its tasks.
    pub(crate) fn tasks<'t>(&self, trace: &'t Trace) -> &'t [TaskId] {
        let start = self.first as usize;
        &trace.lane_tasks(self.lane)[start..start + self.count as usize]
    }

    /// Its first task.
    pub(crate) fn task(&self, trace: &Trace) -> TaskId {
        trace.lane_tasks(self.lane)[self.first as usize]
    }
}

/// What a task by itself is the beginning of.
fn alone(trace: &Trace, task: TaskId) -> Fold {
    match trace.tasks[task].part {
        Part::GroupHead(group) => Fold::GroupHead(group),
        _ => Fold::Single,
    }
}

/// As what `task` joins `item`, which ends before it.
fn fold_after(trace: &Trace, item: &Item, task: TaskId) -> Option<Fold> {
    let first = trace.tasks[item.task(trace)];
    let next = trace.tasks[task];
    match (first.part, next.part) {
        (Part::GroupHead(group), Part::GroupHead(other)) => {
            (group == other).then_some(Fold::GroupHead(group))
        }
        (Part::ClosingReset, Part::ClosingReset) => Some(Fold::ClosingResets),
        (Part::Body, Part::Callback) if first.kind == Kind::HostFunction => Some(Fold::HostFunction),
        (Part::Body, Part::Body) if first.kind == Kind::Nop && next.kind == Kind::Nop => Some(Fold::Nops),
        _ => None,
    }
}
