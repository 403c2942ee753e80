//! Events, notifies and flags of a dump, by what refers to them.
//!
//! Capturing resets every event of its own at the end of the origin stream; an event that is used and not reset there belongs to
//! the program (`ACL_EVENT_EXTERNAL`). Every captured record takes an event of its own, so each has one in the program.

use acg_dump::Suffix;
use acg_entity::Entity;
use acg_ir::{Buffer, Event, Notify};
use acg_trace::{Kind, LaneId, Part, TaskId, Trace};
use rustc_hash::{FxHashMap, FxHashSet};

use super::added::Added;

/// What has been declared for the signals of a dump.
pub(super) struct Signals {
    /// The suffixes that are reset at the end.
    captured: FxHashSet<Suffix>,
    /// Whether events that capturing made are not reset.
    pub(super) is_unfinished: bool,
    /// Events of the program's own.
    pub(super) external: FxHashMap<Suffix, Event>,
    /// The event of each captured record.
    pub(super) of_record: FxHashMap<TaskId, Event>,
    pub(super) notifies: FxHashMap<Suffix, Notify>,
    pub(super) flags: FxHashMap<Suffix, Buffer>,
}

/// What a captured record is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It draws a stream in.
    Fork,
    /// It is the last task of a stream.
    Join,
    /// It orders two streams, or nothing.
    Link,
}

impl Signals {
    pub(super) fn of(trace: &Trace, added: &Added) -> Self {
        let resets = trace
            .tasks
            .iter()
            .filter(|(task, data)| data.part == Part::ClosingReset && added.contains(*task));
        let mut captured: FxHashSet<Suffix> = resets.map(|(task, _)| trace.record(task).suffix).collect();
        let is_lost = |(task, data): (TaskId, &acg_trace::Task)| {
            let suffix = trace.record(task).suffix;
            data.kind == Kind::EventRecord
                && matches!(suffix, Suffix::Address(_))
                && !captured.contains(&suffix)
        };
        let has_lost = trace.tasks.iter().any(is_lost);
        let reset = captured.len();
        // A dump from within a capture has no resets yet; what draws a stream in is captured all the same.
        for lane in trace.lanes.keys().skip(1) {
            if let Some(&first) = trace.lane_tasks(lane).first()
                && trace.tasks[first].kind == Kind::EventWait
            {
                captured.insert(trace.record(first).suffix);
            }
        }
        Self {
            is_unfinished: has_lost || captured.len() > reset,
            captured,
            external: FxHashMap::default(),
            of_record: FxHashMap::default(),
            notifies: FxHashMap::default(),
            flags: FxHashMap::default(),
        }
    }

    /// Whether capturing made the event of a record or wait.
    pub(super) fn is_captured(&self, suffix: Suffix) -> bool {
        // Only capturing makes events of device memory.
        matches!(suffix, Suffix::Address(_)) || self.captured.contains(&suffix)
    }
}

/// What a captured record is for.
pub(super) fn purpose(trace: &Trace, record: TaskId) -> Purpose {
    let data = trace.tasks[record];
    let begins = |task: TaskId| {
        let wait = trace.tasks[task];
        wait.position == 0 && wait.lane != trace.origin()
    };
    if trace.links.waits_of(record).iter().any(|&wait| begins(wait)) {
        Purpose::Fork
    } else if data.lane != trace.origin() && last_of(trace, data.lane) == Some(record) {
        Purpose::Join
    } else {
        Purpose::Link
    }
}

fn last_of(trace: &Trace, lane: LaneId) -> Option<TaskId> {
    trace.lane_tasks(lane).last().copied()
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fork => "fork",
            Self::Join => "join",
            Self::Link => "link",
        })
    }
}

/// Whether a lane can be drawn in: it begins with a wait for an event that the graph records.
pub(super) fn is_drawn_in(trace: &Trace, lane: LaneId) -> bool {
    let first = trace.lane_tasks(lane).first().copied();
    first.is_some_and(|first| {
        trace.tasks[first].kind == Kind::EventWait && trace.links.record_of(first).is_some()
    }) || lane.index() == 0
}
