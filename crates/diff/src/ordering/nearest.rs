//! The nearest tasks of a kind before a task and behind it, over streams and waits.

use acg_entity::Entity;
use acg_trace::TaskId;

use crate::side::Prepared;

/// How far one search goes.
const MAX_VISITS: u32 = 1 << 12;
/// How far all searches together go, for each task and in any case.
const VISITS_PER_TASK: u64 = 16;
const FREE_VISITS: u64 = 1 << 20;

/// Searches in one graph; a search does not go on behind a task that it looks for.
pub(super) struct Search<'a, 't, F> {
    side: &'a Prepared<'t>,
    is_wanted: F,
    /// In which search each task was visited last.
    visited: Vec<u32>,
    searches: u32,
    budget: u64,
}

impl<'a, 't, F: Fn(TaskId) -> bool> Search<'a, 't, F> {
    pub(super) fn new(side: &'a Prepared<'t>, is_wanted: F) -> Self {
        let tasks = side.trace.tasks.len();
        let budget = FREE_VISITS + VISITS_PER_TASK * tasks as u64;
        Self { side, is_wanted, visited: vec![0; tasks], searches: 0, budget }
    }

    /// The nearest wanted tasks before `task`, or it itself; `None` if that is too far.
    pub(super) fn before(&mut self, task: TaskId) -> Option<Vec<TaskId>> {
        let trace = self.side.trace;
        self.search(task, |at, pending| {
            pending.extend(trace.previous(at));
            pending.extend(trace.links.record_of(at));
        })
    }

    /// The nearest wanted tasks behind `task`, or it itself; `None` if that is too far.
    pub(super) fn behind(&mut self, task: TaskId) -> Option<Vec<TaskId>> {
        let trace = self.side.trace;
        self.search(task, |at, pending| {
            pending.extend(trace.next(at));
            pending.extend_from_slice(trace.links.waits_of(at));
        })
    }

    fn search(&mut self, task: TaskId, next: impl Fn(TaskId, &mut Vec<TaskId>)) -> Option<Vec<TaskId>> {
        self.searches += 1;
        let mut found = Vec::new();
        let mut pending = vec![task];
        let mut visits = 0;
        while let Some(at) = pending.pop() {
            if std::mem::replace(&mut self.visited[at.index()], self.searches) == self.searches {
                continue;
            }
            if (self.is_wanted)(at) {
                found.push(at);
                continue;
            }
            visits += 1;
            if visits > MAX_VISITS || self.budget == 0 {
                return None;
            }
            self.budget -= 1;
            next(at, &mut pending);
        }
        found.sort_unstable();
        Some(found)
    }
}
