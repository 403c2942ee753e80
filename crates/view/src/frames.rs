//! Where task groups begin and end.

use acg_entity::Entity;
use acg_trace::{Core, Kind, LaneId, Part, Trace};

use crate::fold::Items;

/// A task group on its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The first item, which are the placeholders.
    pub(crate) first: usize,
    /// The last item.
    pub(crate) last: usize,
    /// Whether it is known that the group ends there; otherwise it does not go further.
    pub(crate) is_exact: bool,
    /// Which group it is, from 1, lane by lane.
    pub(crate) number: u32,
}

impl Frame {
    /// What is written on it.
    pub(crate) fn title(&self) -> String {
        let end = if self.is_exact { "" } else { ", ends here at the latest" };
        format!("task group {}{end}", self.number)
    }

    /// What is said of it on request.
    pub(crate) fn explanation(&self) -> String {
        let end = if self.is_exact { "" } else { "; the dump does not say where" };
        format!("{}{end}", self.title())
    }
}

/// The frames of all groups; `sizes` tells their tasks behind the placeholders, where that is known.
pub(crate) fn frames(trace: &Trace, items: &Items, sizes: Option<&[u32]>) -> Vec<Frame> {
    let frame = |(index, group): (usize, &acg_trace::Group)| {
        let size = sizes.and_then(|sizes| sizes.get(index).copied());
        let tasks = trace.lane_tasks(group.lane);
        let head = members(trace, group.lane, group.first, |_| true).take(group.length as usize);
        let head = head.last().unwrap_or(group.first);
        let body = members(trace, group.lane, head + 1, takes);
        let last = body.take(size.map_or(usize::MAX, |size| size as usize)).last().unwrap_or(head);
        Frame {
            first: items.of_task(tasks[group.first as usize]),
            last: items.of_task(tasks[last as usize]),
            is_exact: size.is_some(),
            number: index as u32 + 1,
        }
    };
    trace.groups.values().enumerate().map(frame).collect()
}

/// The positions on `lane` from `first` on, as long as `is_member` holds, without what only continues the stream.
fn members(
    trace: &Trace,
    lane: LaneId,
    first: u32,
    is_member: fn(Kind) -> bool,
) -> impl Iterator<Item = u32> + use<'_> {
    let tasks = trace.lane_tasks(lane).iter().enumerate().skip(first as usize);
    tasks
        .map(|(position, &task)| (position as u32, trace.tasks[task]))
        .filter(|(_, task)| task.part != Part::Cascade)
        .take_while(move |(_, task)| is_member(task.kind))
        .map(|(position, _)| position)
}

/// Whether a task group can hold a task: only kernels, and none of the CPU's (capture-rules, task groups).
fn takes(kind: Kind) -> bool {
    matches!(kind, Kind::Kernel(core) if core != Core::Cpu)
}

/// Which of `count` rows hold a task group.
pub(crate) fn of_row(trace: &Trace, rows: &[u32], count: usize) -> Vec<bool> {
    let mut has_frame = vec![false; count];
    for group in trace.groups.values() {
        has_frame[rows[group.lane.index()] as usize] = true;
    }
    has_frame
}
