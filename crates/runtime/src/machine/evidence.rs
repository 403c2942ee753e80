//! What a finding can point at: who began, joined, recorded, waited.

use super::Machine;
use crate::state::{
    CaptureEventId, ContextId, GroupId, InnerId, Mode, ModelId, StreamId, TaskId, ThreadId, Work,
};

impl Machine<'_> {
    /// The call that ended the last capture on a stream.
    pub(crate) fn last_end(&self, stream: StreamId) -> Option<u32> {
        self.state.streams[stream].ended_by
    }

    /// The begin that failed on a stream after its last good one.
    pub(crate) fn last_failed_begin(&self, stream: StreamId) -> Option<u32> {
        self.state.streams[stream].begin_failed
    }

    /// The first cause behind a refused call.
    pub(crate) fn root_of(&self, call: u32) -> Option<u32> {
        self.refused.get(&call).map(|refused| refused.root)
    }

    /// A hidden stream of a graph with an open task group, and the group.
    pub(crate) fn open_group(&self, model: ModelId) -> Option<(InnerId, GroupId)> {
        let inners = &self.state.models[model].inners;
        inners.iter().find_map(|&inner| Some((inner, self.state.inners[inner].group?)))
    }

    /// Whether a hidden stream must come back to the origin: the last of a joined stream.
    pub(crate) fn must_join(&self, model: ModelId, inner: InnerId) -> bool {
        let object = &self.state.inners[inner];
        object.is_last && !object.is_origin && !self.state.models[model].added.contains(&object.stream)
    }

    /// The last task of a hidden stream, if it records a captured event.
    pub(crate) fn final_record(&self, inner: InnerId) -> Option<(TaskId, CaptureEventId)> {
        let task = self.state.inners[inner].last?;
        match self.state.tasks[task].work {
            Work::Record(captured) => Some((task, captured)),
            _ => None,
        }
    }

    /// The last record of a hidden stream that was waited for: both calls.
    pub(crate) fn last_join_back(&self, inner: InnerId) -> Option<(u32, u32)> {
        let waited = self.state.tasks_of(inner).filter_map(|(_, task)| match task.work {
            Work::Record(captured) => {
                let captured = &self.state.captured[captured];
                captured.waited_by.filter(|_| captured.is_waited_by_origin).map(|wait| (task.call, wait))
            }
            _ => None,
        });
        waited.last()
    }

    /// A stream of a context that is being captured.
    pub(crate) fn capturing_stream(&self, context: ContextId) -> Option<StreamId> {
        self.state.capturing.iter().copied().find(|&stream| {
            self.state.streams[stream].context == context && self.state.streams[stream].is_capturing()
        })
    }

    /// The origin of the strictest live capture of a thread's context.
    pub(crate) fn strictest_capture(&self, thread: ThreadId) -> Option<StreamId> {
        let context = self.state.threads[thread].context;
        let live = self.state.capturing.iter().copied().filter(|&stream| {
            self.state.streams[stream].context == context && self.state.streams[stream].mode.is_some()
        });
        live.min_by_key(|&stream| self.state.streams[stream].mode.map_or(u32::MAX, |mode: Mode| mode as u32))
    }

    /// Every branch below a graph, those of branches included.
    pub(crate) fn branches_below(&self, model: ModelId) -> Vec<ModelId> {
        let mut found = Vec::new();
        // Hardly any graph has branches.
        let (mut next, mut pending) = (Some(model), Vec::new());
        while let Some(model) = next {
            for &cond in &self.state.models[model].conds {
                let branches = &self.state.conds[cond].branches;
                found.extend_from_slice(branches);
                pending.extend_from_slice(branches);
            }
            next = pending.pop();
        }
        found
    }

    /// How many hidden streams a graph has, with its branches.
    pub(crate) fn inner_streams(&self, model: ModelId) -> u64 {
        let count = |model: ModelId| self.state.models[model].inners.len() as u64;
        count(model) + self.branches_below(model).into_iter().map(count).sum::<u64>()
    }
}
