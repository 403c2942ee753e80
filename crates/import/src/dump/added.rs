//! What capturing itself added to a dump, and what of the same look is the program's own.
//!
//! The resets that end a capture follow whatever the program put last, which may be resets of its own events. Those show: capturing
//! takes a new event for every record, resets it once and lets no wait come before its record. The record of the end uses a notify
//! that nothing else does.

use acg_dump::Suffix;
use acg_entity::Entity;
use acg_trace::{Kind, LaneId, Part, TaskId, Trace};
use rustc_hash::FxHashMap;

use super::has_empty_origin;
use super::signals::is_drawn_in;

/// Which tasks capturing added.
pub(super) struct Added {
    is_added: Vec<bool>,
}

/// Which lanes were added to the graph below the ACL calls: they end with the notify that the origin stream waits for. Before the
/// capture ends, an origin stream without tasks has drawn none in.
pub(super) fn added_lanes(trace: &Trace) -> Vec<bool> {
    let is_drawn = |lane: LaneId| !has_empty_origin(trace) || lane.index() > 0 && is_drawn_in(trace, lane);
    let mut is_added: Vec<bool> = trace.lanes.keys().map(|lane| !is_drawn(lane)).collect();
    for (_, task) in trace.tasks.iter() {
        if (task.part, task.kind) == (Part::AddedStream, Kind::NotifyRecord) {
            is_added[task.lane.index()] = true;
        }
    }
    is_added
}

/// How a signal is used.
#[derive(Clone, Copy, Default)]
struct Uses {
    records: u32,
    resets: u32,
    notifies: u32,
    has_lone_wait: bool,
}

impl Added {
    pub(super) fn of(trace: &Trace) -> Self {
        let uses = uses(trace);
        let of = |task: TaskId| uses.get(&trace.record(task).suffix).copied().unwrap_or_default();
        let is_added = trace.tasks.iter().map(|(task, data)| match data.part {
            Part::Body | Part::GroupHead(_) => false,
            Part::ClosingReset => is_captured(trace.record(task).suffix, of(task)),
            Part::EndRecord => of(task).notifies == 1,
            Part::Callback | Part::Cascade | Part::AddedStream => true,
        });
        Self { is_added: is_added.collect() }
    }

    /// Whether capturing added a task.
    pub(super) fn contains(&self, task: TaskId) -> bool {
        self.is_added[task.index()]
    }
}

fn uses(trace: &Trace) -> FxHashMap<Suffix, Uses> {
    let mut uses: FxHashMap<Suffix, Uses> = FxHashMap::default();
    for (task, data) in trace.tasks.iter() {
        if data.part == Part::Callback {
            continue;
        }
        let uses = uses.entry(trace.record(task).suffix).or_default();
        match data.kind {
            Kind::EventRecord => uses.records += 1,
            Kind::EventReset => uses.resets += 1,
            Kind::EventWait => uses.has_lone_wait |= trace.links.record_of(task).is_none(),
            Kind::NotifyRecord | Kind::NotifyWait => uses.notifies += 1,
            _ => {}
        }
    }
    uses
}

/// Whether capturing made an event: only capturing makes events of device memory.
fn is_captured(suffix: Suffix, uses: Uses) -> bool {
    matches!(suffix, Suffix::Address(_)) || (uses.records == 1 && uses.resets == 1 && !uses.has_lone_wait)
}
