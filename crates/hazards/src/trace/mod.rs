//! What each call of a replayed log did, with names resolved: the one thing that every rule reads.
//!
//! A call that took effect either stored tasks in a graph (a [`Node`]) or ran at once (a [`Step`]). Both know their bytes
//! by allocation, not by name, because a log may give a name to one allocation after another.
//!
//! **Invariant:** nodes and steps are in the order of the calls; a refused call is in neither.

mod actions;
mod bindings;
mod shape;
mod walk;

use std::ops::Range;

use acg_calls::Log;
use acg_entity::{Entity, Rows};
use acg_ir::Extent;
use acg_runtime::Replay;
use acg_runtime::state::{
    BufferId, CondId, EventId, GroupId, InnerId, ModelId, NotifyId, State, StreamId, Task, TaskId,
};
use rustc_hash::FxHashMap;

use crate::access::{AccessOf, Accesses};
use crate::units::{UnitId, Units};

/// A call that stored tasks, all on one stream of one graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) call: u32,
    /// The hidden stream of its first task.
    inner: InnerId,
    /// Its first task; the others of the call follow it.
    first: TaskId,
}

/// What a call that ran at once did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Work on a stream; the host goes on when it is complete, if so marked.
    Work { stream: StreamId, is_waited_for: bool },
    /// Work that the host does before the call returns.
    Host,
    /// A record of an event.
    Record { event: EventId, stream: StreamId },
    /// A wait for an event.
    Wait { event: EventId, stream: StreamId },
    /// A wait on a stream for something that the log does not show the order of.
    WaitForUnknown { stream: StreamId },
    /// The host waits for a stream.
    SyncStream(StreamId),
    /// The host waits for the latest record of an event.
    SyncEvent(EventId),
    /// The host waits for everything, or for something unknown.
    SyncAll,
    /// An execution of a graph.
    Execute { model: ModelId, stream: StreamId },
    /// The start of an update of a task group.
    UpdateBegin { group: GroupId, stream: StreamId },
    /// The end of an update.
    UpdateEnd { stream: StreamId },
    /// An allocation is given back.
    Free { buffer: BufferId },
    /// A graph is destroyed, once it has run.
    DestroyModel { model: ModelId },
    /// A stream is destroyed, once its work is done.
    DestroyStream { stream: StreamId },
    /// An event is destroyed.
    DestroyEvent { event: EventId },
    /// A run of an offline model or a graph of the graph engine; without a stream the host waits for it.
    Run { unit: UnitId, stream: Option<StreamId> },
    /// A graph of the graph engine is loaded on a stream.
    Load { unit: UnitId, stream: StreamId },
    /// An offline model is unloaded, or a graph of the graph engine removed.
    Unload { unit: UnitId },
    /// The capture of a graph ended well.
    Ended { model: ModelId },
}

/// A call that ran at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) call: u32,
    pub(crate) action: Action,
}

/// Bytes that a call touches, in few bytes: hardly any extent is strided, and what lies beyond 4 GiB starts and ends at round places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    pub(crate) buffer: BufferId,
    /// What is known of it, in the lowest bits; above them the binary logarithm of what start and end count; above that which of
    /// [`Trace::extents`] it is, counted from 1, 0 for a range that start and end can say.
    marks: u32,
    start: u32,
    end: u32,
}

const WRITES: u32 = 1;
const EXACT: u32 = 2;
const SIGNAL: u32 = 4;
const FLAGS: u32 = 3;
const UNIT: u32 = 4;
const MARKS: u32 = FLAGS + UNIT;

impl Touch {
    /// What an access is, but for its bytes.
    fn of(access: &AccessOf, buffer: BufferId, is_signal: bool) -> Self {
        let mark = |is_so: bool, mark: u32| if is_so { mark } else { 0 };
        let marks = mark(access.writes, WRITES) | mark(access.is_exact, EXACT) | mark(is_signal, SIGNAL);
        Self { buffer, marks, start: 0, end: 0 }
    }

    /// The same with the bytes of `extent`, if start and end can say them.
    fn at(self, extent: &Extent) -> Option<Self> {
        let (start, end) = (extent.start(), extent.end());
        let unit = (u64::BITS - end.leading_zeros()).saturating_sub(u32::BITS);
        let is_round = unit >> UNIT == 0 && (start | end).trailing_zeros() >= unit;
        (is_round && extent.is_contiguous()).then(|| Self {
            marks: self.marks | unit << FLAGS,
            start: (start >> unit) as u32,
            end: (end >> unit) as u32,
            ..self
        })
    }

    /// The first byte and one past the last, if start and end say them.
    fn range(&self) -> (u64, u64) {
        let unit = self.marks >> FLAGS & ((1 << UNIT) - 1);
        (u64::from(self.start) << unit, u64::from(self.end) << unit)
    }

    pub(crate) fn writes(&self) -> bool {
        self.marks & WRITES != 0
    }

    /// Whether the extent is all that is touched there.
    pub(crate) fn is_exact(&self) -> bool {
        self.marks & EXACT != 0
    }

    /// Whether it is the word of a value operation, which orders tasks rather than races with them.
    pub(crate) fn is_signal(&self) -> bool {
        self.marks & SIGNAL != 0
    }

    /// Whether it is the word of a value wait.
    pub(crate) fn is_wait(&self) -> bool {
        self.is_signal() && !self.writes()
    }
}

/// The kernels that one update gives a task group.
#[derive(Clone, Debug)]
pub(crate) struct UpdateCalls {
    pub(crate) group: GroupId,
    pub(crate) begun_by: u32,
    /// The launches, in order.
    pub(crate) calls: Vec<u32>,
}

/// What every call of a log did.
pub(crate) struct Trace<'r, 'l> {
    pub(crate) log: &'l Log,
    pub(crate) state: &'r State,
    pub(crate) units: &'r Units,
    pub(crate) nodes: Vec<Node>,
    pub(crate) steps: Vec<Step>,
    /// The updates of task groups that ended well.
    pub(crate) updates: Vec<UpdateCalls>,
    touches: Vec<Touch>,
    /// How many touches write each allocation, by [`BufferId`] up to the last that is written; two stand for more.
    writes: Vec<u8>,
    /// Those that no start and end can say.
    extents: Vec<Extent>,
    /// Where the touches of each call end; a call without any ends where the one before it does. Empty where no touch matters.
    ends: Vec<u32>,
    /// The calls that took effect and may touch memory that is not known.
    pub(crate) opaque: Vec<u32>,
    /// The calls that ended captures well, by [`ModelId`].
    ended: Vec<Option<u32>>,
    /// The calls that execute each graph, in their order.
    executions: Rows<ModelId, u32>,
    /// The notify of a call that records or waits for one.
    pub(crate) notifies: FxHashMap<u32, NotifyId>,
    /// The word of a conditional handle, once the program asked for its address.
    pub(crate) cond_words: FxHashMap<CondId, BufferId>,
    /// Whether any call but creation and destruction names the event, by [`EventId`].
    pub(crate) used_events: Vec<bool>,
    /// The blocking memory calls made while a graph was being captured.
    pub(crate) beside: Vec<(u32, ModelId)>,
    /// Whether some work runs on a stream that the log does not tell, so that the order of eager work is not known.
    pub(crate) is_blind: bool,
}

impl<'r, 'l> Trace<'r, 'l> {
    /// Follows a replayed log from call to call.
    pub(crate) fn of(
        log: &'l Log,
        replay: &'r Replay<'l>,
        units: &'r Units,
        accesses: &dyn Accesses,
    ) -> Self {
        walk::walk(log, replay, units, accesses)
    }

    /// Adds what a call touches, and says whether there was room for it.
    fn push(&mut self, touch: Touch, extent: &Extent) -> bool {
        if touch.writes() {
            let at = touch.buffer.index();
            if at >= self.writes.len() {
                self.writes.resize(at + 1, 0);
            }
            self.writes[at] = 2.min(self.writes[at] + 1);
        }
        let kept = touch.at(extent).or_else(|| {
            self.extents.push(extent.clone());
            let number =
                u32::try_from(self.extents.len()).ok().filter(|number| number >> (32 - MARKS) == 0)?;
            Some(Touch { marks: touch.marks | number << MARKS, ..touch })
        });
        self.touches.extend(kept);
        kept.is_some()
    }

    /// The bytes that a call touches; none for a refused one.
    pub(crate) fn touches(&self, call: u32) -> &[Touch] {
        let Range { start, end } = self.touches_at(call);
        &self.touches[start as usize..end as usize]
    }

    /// Where they stand among those of all calls.
    pub(crate) fn touches_at(&self, call: u32) -> Range<u32> {
        let Some(&end) = self.ends.get(call as usize) else { return 0..0 };
        let start = (call as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        start..end
    }

    /// One of the touches of all calls.
    pub(crate) fn touch(&self, index: u32) -> &Touch {
        &self.touches[index as usize]
    }

    /// The bytes that all calls touch, in their order.
    pub(crate) fn all_touches(&self) -> &[Touch] {
        &self.touches
    }

    /// Whether an allocation is written more than once.
    pub(crate) fn is_rewritten(&self, buffer: BufferId) -> bool {
        self.writes.get(buffer.index()).is_some_and(|&writes| writes > 1)
    }

    /// Which bytes of its allocation.
    pub(crate) fn extent(&self, touch: &Touch) -> Extent {
        self.apart(touch).cloned().unwrap_or_else(|| {
            let (start, end) = touch.range();
            Extent::range(start, end)
        })
    }

    /// The first of them, and one past the last.
    pub(crate) fn bounds(&self, touch: &Touch) -> (u64, u64) {
        self.apart(touch).map_or_else(|| touch.range(), |extent| (extent.start(), extent.end()))
    }

    /// Which bytes of its allocation, if they are not one range.
    pub(crate) fn strided(&self, touch: &Touch) -> Option<&Extent> {
        self.apart(touch).filter(|extent| !extent.is_contiguous())
    }

    /// Which bytes of its allocation, if they are kept apart.
    fn apart(&self, touch: &Touch) -> Option<&Extent> {
        self.extents.get((touch.marks >> MARKS).checked_sub(1)? as usize)
    }

    /// The graph that a node is in.
    pub(crate) fn model(&self, node: &Node) -> ModelId {
        self.state.inners[node.inner].model
    }

    /// The stream that a node is on.
    pub(crate) fn stream(&self, node: &Node) -> StreamId {
        self.state.inners[node.inner].stream
    }

    /// The tasks of a node.
    pub(crate) fn tasks(&self, node: &Node) -> impl Iterator<Item = &'r Task> + use<'r> {
        let (tasks, call) = (&self.state.tasks, node.call);
        let all = (node.first.index()..tasks.len()).map(|index| &tasks[TaskId::at(index)]);
        all.take_while(move |task| task.call == call)
    }

    /// The nodes that hold the kernels of a task group, as indices in `nodes`.
    pub(crate) fn nodes_of_group(&self, group: GroupId) -> Vec<u32> {
        let calls = self.state.groups[group].tasks.iter().map(|&task| self.state.tasks[task].call);
        let mut nodes: Vec<u32> = calls.filter_map(|call| self.node_of(call)).collect();
        nodes.dedup();
        nodes
    }

    /// The node of a call that stored tasks, as an index in `nodes`.
    pub(crate) fn node_of(&self, call: u32) -> Option<u32> {
        self.nodes.binary_search_by_key(&call, |node| node.call).ok().map(|at| at as u32)
    }

    /// Whether a call may touch memory that is not known.
    pub(crate) fn is_opaque(&self, call: u32) -> bool {
        self.opaque.binary_search(&call).is_ok()
    }

    /// The call that ended the capture of a graph, if it did well.
    pub(crate) fn ended_by(&self, model: ModelId) -> Option<u32> {
        self.ended[model.index()]
    }

    /// The calls that execute a graph, in their order.
    pub(crate) fn executions(&self, model: ModelId) -> &[u32] {
        &self.executions[model]
    }

    /// Whether any graph is executed.
    pub(crate) fn has_executions(&self) -> bool {
        !self.executions.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_within_4_gib_and_round_ones_beyond_are_kept_as_they_are(
            start in 0u64..1 << 33,
            bytes in 1u64..1 << 33,
            unit in 0u32..24,
            marks in 0u32..1 << FLAGS,
        ) {
            let touch = Touch { buffer: BufferId::at(0), marks, start: 0, end: 0 };
            let extent = Extent::range(start << unit, (start + bytes) << unit);
            let kept = touch.at(&extent);
            prop_assert!(kept.is_some() || extent.end() > 1 << 32);
            prop_assert!(kept.is_some() || (start | bytes) % 4 != 0 || extent.end() > 1 << 47);
            if let Some(kept) = kept {
                prop_assert_eq!(kept.range(), (extent.start(), extent.end()));
                prop_assert_eq!((kept.marks & ((1 << FLAGS) - 1), kept.marks >> MARKS), (marks, 0));
            }
            let rows = Extent::rows(0, 4, 2, 8).unwrap();
            prop_assert!(touch.at(&rows).is_none());
        }
    }
}
