//! Why tasks are there: what the program submitted and what the runtime added (debug-json, section 4).

use acg_entity::{Arena, Entity};

use crate::kind::Kind;
use crate::model::{Group, GroupId, LaneId, Part, Role, Trace};
use crate::signal::{Signals, Uses};

/// Sets the part of every task of `trace`, and its groups.
pub(crate) fn assign(trace: &mut Trace, signals: &Signals) {
    cascades(trace);
    for lane in trace.lanes.keys() {
        callbacks(trace, signals, lane);
        groups(trace, lane);
    }
    closing(trace, signals);
}

/// The tasks that start a continuation, also one that a tool has merged away.
fn cascades(trace: &mut Trace) {
    let ids: rustc_hash::FxHashSet<i32> = trace.streams.values().map(|stream| stream.id).collect();
    for task in trace.tasks.keys() {
        if trace.tasks[task].kind == Kind::StreamActive {
            let started = trace.record(task).active_stream.filter(|&id| id >= 0);
            if started.is_some_and(|id| !ids.contains(&id)) {
                trace.tasks[task].part = Part::Cascade;
            }
        }
    }
    for stream in trace.streams.keys() {
        if let Role::Continues { stream: parent, .. } = trace.streams[stream].role
            && let Some(last) = trace.streams[parent].records.end.checked_sub(1)
        {
            trace.tasks[Entity::at(last as usize)].part = Part::Cascade;
        }
    }
}

/// The tasks of a lane without those that only start a continuation.
fn body(trace: &Trace, lane: LaneId) -> Vec<crate::TaskId> {
    let tasks = trace.lane_tasks(lane).iter().copied();
    tasks.filter(|&task| trace.tasks[task].part != Part::Cascade).collect()
}

/// The signals behind host functions: nothing in the graph records them, the host does.
fn callbacks(trace: &mut Trace, signals: &Signals, lane: LaneId) {
    let body = body(trace, lane);
    let from_host = |trace: &Trace, task, kind| {
        let signal = signals.of_task(task).filter(|_| trace.tasks[task].kind == kind);
        signal.filter(|&signal| signals.uses[signal].records == 0)
    };
    for (at, &task) in body.iter().enumerate() {
        if trace.tasks[task].kind != Kind::HostFunction {
            continue;
        }
        let Some(&wait) = body.get(at + 1) else { continue };
        if from_host(trace, wait, Kind::NotifyWait).is_some() {
            trace.tasks[wait].part = Part::Callback;
        } else if let Some(&reset) = body.get(at + 2)
            && let Some(signal) = from_host(trace, wait, Kind::EventWait)
            && from_host(trace, reset, Kind::EventReset) == Some(signal)
        {
            trace.tasks[wait].part = Part::Callback;
            trace.tasks[reset].part = Part::Callback;
        }
    }
}

/// Task groups, which begin with 8 placeholders, on 310P with 10.
fn groups(trace: &mut Trace, lane: LaneId) {
    let body = body(trace, lane);
    let is_nop = |trace: &Trace, at: usize| trace.tasks[body[at]].kind == Kind::Nop;
    let mut at = 0;
    while at < body.len() {
        let mut end = at;
        while end < body.len() && is_nop(trace, end) {
            end += 1;
        }
        // A stream that an update left without tasks holds a single placeholder; that is no group.
        let length = [8, 10].into_iter().find(|length| (end - at).is_multiple_of(*length));
        if let Some(length) = length.filter(|_| end > at) {
            for head in body[at..end].chunks_exact(length) {
                let first = trace.tasks[head[0]].position;
                let group: GroupId = trace.groups.push(Group { lane, first, length: length as u32 });
                for &task in head {
                    trace.tasks[task].part = Part::GroupHead(group);
                }
            }
        }
        at = end.max(at + 1);
    }
}

/// What ends a capture on its origin stream: waits for added streams, resets, the record of the end.
fn closing(trace: &mut Trace, signals: &Signals) {
    let body = body(trace, trace.origin());
    let uses = |task| -> Option<&Uses> { signals.of_task(task).map(|signal| &signals.uses[signal]) };
    let mut rest = body.as_slice();
    if let [before @ .., last] = rest
        && trace.tasks[*last].kind == Kind::NotifyRecord
        && uses(*last).is_none_or(|uses| uses.waits == 0)
    {
        trace.tasks[*last].part = Part::EndRecord;
        rest = before;
    }
    while let [before @ .., last] = rest
        && trace.tasks[*last].kind == Kind::EventReset
        && trace.tasks[*last].part == Part::Body
    {
        trace.tasks[*last].part = Part::ClosingReset;
        rest = before;
    }
    let added = added_streams(trace, signals);
    while let [before @ .., last] = rest
        && trace.tasks[*last].kind == Kind::NotifyWait
        && let Some(record) = signals.of_task(*last).and_then(|signal| added[signal])
    {
        trace.tasks[*last].part = Part::AddedStream;
        trace.tasks[record].part = Part::AddedStream;
        rest = before;
    }
}

/// The notifies that a side lane ends with, and that are used by nothing but it and one wait: a stream that the program drew in by
/// a wait must end with an event.
fn added_streams(trace: &Trace, signals: &Signals) -> Arena<crate::signal::SignalId, Option<crate::TaskId>> {
    let mut added = Arena::filled(signals.uses.len(), None);
    for lane in trace.lanes.keys().skip(1) {
        if let Some(&last) = trace.lane_tasks(lane).last()
            && trace.tasks[last].kind == Kind::NotifyRecord
            && let Some(signal) = signals.of_task(last)
            && signals.uses[signal].records == 1
            && signals.uses[signal].waits == 1
        {
            added[signal] = Some(last);
        }
    }
    added
}
