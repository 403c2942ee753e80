//! Which task and which stream of one graph stands for which of the other.

use acg_entity::Entity;
use acg_trace::{LaneId, TaskId};

use crate::side::Prepared;

/// Who is who so far.
///
/// **Invariant:** tasks and lanes are paired one to one; tasks that are paired in place are so on paired lanes, and in increasing order.
pub(crate) struct Matching {
    to_new: Vec<Option<TaskId>>,
    to_old: Vec<Option<TaskId>>,
    /// For each task of the old graph, whether it is paired in place rather than moved.
    in_place: Vec<bool>,
    lanes_to_new: Vec<Option<LaneId>>,
    lanes_to_old: Vec<Option<LaneId>>,
}

impl Matching {
    pub(crate) fn new(old: &Prepared<'_>, new: &Prepared<'_>) -> Self {
        Self {
            to_new: vec![None; old.trace.tasks.len()],
            to_old: vec![None; new.trace.tasks.len()],
            in_place: vec![false; old.trace.tasks.len()],
            lanes_to_new: vec![None; old.trace.lanes.len()],
            lanes_to_old: vec![None; new.trace.lanes.len()],
        }
    }

    pub(crate) fn new_of(&self, task: TaskId) -> Option<TaskId> {
        self.to_new[task.index()]
    }

    pub(crate) fn old_of(&self, task: TaskId) -> Option<TaskId> {
        self.to_old[task.index()]
    }

    /// Whether a task of the old graph is paired in place.
    pub(crate) fn is_in_place(&self, old: TaskId) -> bool {
        self.in_place[old.index()]
    }

    pub(crate) fn new_lane(&self, lane: LaneId) -> Option<LaneId> {
        self.lanes_to_new[lane.index()]
    }

    pub(crate) fn old_lane(&self, lane: LaneId) -> Option<LaneId> {
        self.lanes_to_old[lane.index()]
    }

    /// The paired lanes, in the order of the old graph.
    pub(crate) fn lane_pairs(&self) -> Vec<(LaneId, LaneId)> {
        let pair = |(at, new): (usize, &Option<LaneId>)| Some((LaneId::at(at), (*new)?));
        self.lanes_to_new.iter().enumerate().filter_map(pair).collect()
    }

    pub(crate) fn pair_lanes(&mut self, old: LaneId, new: LaneId) {
        self.lanes_to_new[old.index()] = Some(new);
        self.lanes_to_old[new.index()] = Some(old);
    }

    /// Pairs two tasks at the same place of their streams.
    pub(crate) fn pair_in_place(&mut self, old: TaskId, new: TaskId) {
        self.pair_moved(old, new);
        self.in_place[old.index()] = true;
    }

    /// Undoes the pairing of a task of the old graph.
    pub(crate) fn part(&mut self, old: TaskId) {
        if let Some(new) = self.to_new[old.index()].take() {
            self.to_old[new.index()] = None;
            self.in_place[old.index()] = false;
        }
    }

    /// Pairs two tasks at different places.
    pub(crate) fn pair_moved(&mut self, old: TaskId, new: TaskId) {
        debug_assert!(self.new_of(old).is_none() && self.old_of(new).is_none());
        self.to_new[old.index()] = Some(new);
        self.to_old[new.index()] = Some(old);
    }
}
