//! Follows a replayed log from call to call; what a call did at once is in `actions`.

use acg_calls::{Api, Arg, CallId, CallView, Log};
use acg_entity::{Entity, Rows};
use acg_runtime::Replay;
use acg_runtime::state::{EventId, GroupId, ModelId, State, StreamId, TaskId};
use rustc_hash::FxHashMap;

use super::bindings::{Bindings, Object};
use super::shape::Shape;
use super::{Action, Node, Step, Touch, Trace, UpdateCalls};
use crate::access::{AccessOf, Accesses, Coverage};
use crate::units::Units;

/// The walk: where it is, and the trace so far.
pub(super) struct Walk<'r, 'l> {
    pub(super) units: &'r Units,
    pub(super) names: Bindings<'r>,
    /// The graph that each stream is captured into, by [`StreamId`].
    pub(super) captured_into: Vec<Option<ModelId>>,
    /// The open task group of each stream.
    pub(super) open_groups: FxHashMap<StreamId, GroupId>,
    /// Streams that are updating a task group: their kernels run when the graph does.
    pub(super) updating: FxHashMap<StreamId, Updating>,
    next_group: u32,
    pub(super) next_model: u32,
    next_task: u32,
    /// The graphs being captured.
    pub(super) live: Vec<ModelId>,
    pub(super) trace: Trace<'r, 'l>,
    /// The executions so far, in the order of the calls.
    pub(super) executed: Vec<(ModelId, u32)>,
    found: Vec<AccessOf>,
}

/// An update that has begun.
pub(super) struct Updating {
    pub(super) group: Option<GroupId>,
    pub(super) begun_by: u32,
    pub(super) calls: Vec<u32>,
}

/// Follows `log` to its end.
pub(super) fn walk<'r, 'l>(
    log: &'l Log,
    replay: &'r Replay<'l>,
    units: &'r Units,
    accesses: &dyn Accesses,
) -> Trace<'r, 'l> {
    let state: &State = &replay.state;
    let mut walk = Walk {
        units,
        names: Bindings::new(state),
        captured_into: vec![None; state.streams.len()],
        open_groups: FxHashMap::default(),
        updating: FxHashMap::default(),
        next_group: 0,
        next_model: 0,
        next_task: 0,
        live: Vec::new(),
        trace: Trace {
            log,
            state,
            units,
            nodes: Vec::with_capacity(state.tasks.len()),
            steps: Vec::new(),
            updates: Vec::new(),
            // Room that is not written to costs nothing, room that grows is written twice.
            touches: Vec::with_capacity(2 * log.len()),
            writes: Vec::new(),
            extents: Vec::new(),
            ends: Vec::with_capacity(log.len()),
            opaque: Vec::new(),
            ended: vec![None; state.models.len()],
            executions: Rows::default(),
            notifies: FxHashMap::default(),
            cond_words: FxHashMap::default(),
            used_events: vec![false; state.events.len()],
            beside: Vec::new(),
            is_blind: false,
        },
        executed: Vec::new(),
        found: Vec::new(),
    };
    let accesses = accesses.matter().then_some(accesses);
    for (view, outcome) in log.iter().zip(replay.outcomes.iter()) {
        walk.call(&view, outcome.code == 0, accesses);
        if accesses.is_some() {
            walk.trace.ends.push(walk.trace.touches.len() as u32);
        }
    }
    walk.trace.executions = Rows::of(state.models.len(), walk.executed.iter().copied());
    walk.trace
}

impl<'l> Walk<'_, 'l> {
    fn call(&mut self, view: &CallView<'l>, is_fine: bool, accesses: Option<&dyn Accesses>) {
        let shape = Shape::of_api(view.api());
        self.note_used_events(view, shape);
        let tasks = self.tasks_of(view.id.0);
        if view.api() == Api::RiCaptureEnd {
            self.end_capture(view, is_fine);
            return;
        }
        if view.api() == Api::RiCaptureTaskUpdateEnd
            && let Some(stream) = self.names.stream_of(view)
        {
            // One that fails ends the update as well.
            let ended = self.updating.remove(&stream).filter(|_| is_fine);
            if let Some(Updating { group: Some(group), begun_by, calls }) = ended {
                self.trace.updates.push(UpdateCalls { group, begun_by, calls });
            }
        }
        if !is_fine {
            return;
        }
        if !shape.outs.is_empty() {
            self.names.define(view, shape);
        }
        if tasks.0 < tasks.1 && view.api() != Api::RiExecuteAsync {
            self.stored(view, tasks);
            self.touch(view, shape, accesses);
            return;
        }
        if self.replaces_kernel(view) {
            self.touch(view, shape, accesses);
            return;
        }
        if let Some(action) = self.action(view) {
            self.trace.steps.push(Step { call: view.id.0, action });
        }
        if self.takes_effect(view) {
            self.touch(view, shape, accesses);
        }
    }

    /// The tasks that a call stored, as a range of ids.
    fn tasks_of(&mut self, call: u32) -> (u32, u32) {
        let tasks = &self.trace.state.tasks;
        let start = self.next_task;
        while (self.next_task as usize) < tasks.len()
            && tasks[TaskId::at(self.next_task as usize)].call <= call
        {
            self.next_task += 1;
        }
        (start, self.next_task)
    }

    fn stored(&mut self, view: &CallView<'l>, tasks: (u32, u32)) {
        let state = self.trace.state;
        let first = TaskId::at(tasks.0 as usize);
        let inner = state.tasks[first].inner;
        let (model, stream) = (state.inners[inner].model, state.inners[inner].stream);
        self.captured_into[stream.index()] = Some(model);
        let call = view.id.0;
        self.trace.nodes.push(Node { call, inner, first });
        match view.api() {
            Api::RiCaptureTaskGrpBegin => self.open_group(call, stream),
            Api::RecordNotify
            | Api::WaitAndResetNotify
            | Api::CntNotifyRecord
            | Api::CntNotifyWaitWithTimeout => {
                if let Some(notify) = self.names.notify(view, 0) {
                    self.trace.notifies.insert(call, notify);
                }
            }
            Api::RiAddCondTask => self.name_branches(view),
            _ => {}
        }
    }

    pub(super) fn open_group(&mut self, call: u32, stream: StreamId) {
        let groups = &self.trace.state.groups;
        while (self.next_group as usize) < groups.len() {
            let group = GroupId::at(self.next_group as usize);
            if groups[group].opened_by > call {
                break;
            }
            if groups[group].opened_by == call {
                self.open_groups.insert(stream, group);
            }
            self.next_group += 1;
        }
    }

    /// Binds the branches of a conditional task, which its graph's handle lists in their order.
    fn name_branches(&mut self, view: &CallView<'l>) {
        let Some(fields) = view.list(0) else { return };
        let handle = fields.first().and_then(Arg::name).and_then(|name| self.names.find(name));
        let (Some(Object::Cond(cond)), Some(branches)) = (handle, fields.get(3)) else { return };
        let models = &self.trace.state.conds[cond].branches;
        for (branch, &model) in view.items(branches).unwrap_or_default().iter().zip(models) {
            self.names.bind(branch.out(), Some(Object::Model(model)));
        }
    }

    fn end_capture(&mut self, view: &CallView<'l>, is_fine: bool) {
        let Some(stream) = self.names.stream_of(view) else { return };
        let Some(model) = self.captured_into[stream.index()] else { return };
        let graph = &self.trace.state.models[model];
        if graph.ended_by != Some(view.id.0) {
            return;
        }
        for &inner in &graph.inners {
            let member = self.trace.state.inners[inner].stream;
            if self.captured_into[member.index()] == Some(model) {
                self.captured_into[member.index()] = None;
            }
        }
        self.live.retain(|&live| live != model);
        self.names.bind(view.out(1), is_fine.then_some(Object::Model(model)));
        if is_fine {
            self.trace.ended[model.index()] = Some(view.id.0);
            self.trace.steps.push(Step { call: view.id.0, action: Action::Ended { model } });
        }
    }

    /// Whether a call that stored no task did its work all the same.
    fn takes_effect(&self, view: &CallView<'l>) -> bool {
        let stream = self.names.stream_of(view);
        stream.is_none_or(|stream| {
            self.captured_into[stream.index()].is_none() && !self.updating.contains_key(&stream)
        })
    }

    /// Whether a call is a launch that gives a task group another kernel: it works when the graph does.
    fn replaces_kernel(&mut self, view: &CallView<'l>) -> bool {
        if self.updating.is_empty() || !is_launch(view.api()) {
            return false;
        }
        let update = self.names.stream_of(view).and_then(|stream| self.updating.get_mut(&stream));
        update.map(|update| update.calls.push(view.id.0)).is_some()
    }

    /// Notes the bytes that a call touches.
    fn touch(&mut self, view: &CallView<'l>, shape: &Shape, accesses: Option<&dyn Accesses>) {
        let Some(accesses) = accesses.filter(|_| shape.leads_to_memory) else { return };
        let mut found = std::mem::take(&mut self.found);
        let mut coverage = accesses.of(CallId(view.id.0), &mut found);
        let is_signal = matches!(view.api(), Api::ValueWrite | Api::ValueWait);
        for access in found.iter().filter(|access| !access.extent.is_empty()) {
            let Some(buffer) = self.names.buffer(access.base) else {
                coverage = Coverage::Some;
                continue;
            };
            let touch = Touch::of(access, buffer, is_signal);
            coverage = if self.trace.push(touch, &access.extent) { coverage } else { Coverage::Some };
        }
        found.clear();
        self.found = found;
        if coverage == Coverage::Some {
            self.trace.opaque.push(view.id.0);
        }
    }

    fn note_used_events(&mut self, view: &CallView<'l>, shape: &Shape) {
        if matches!(view.api(), Api::DestroyEvent) {
            return;
        }
        for &position in &shape.events {
            if let Some(name) = view.name(position)
                && let Some(Object::Event(event)) = self.names.find(name)
            {
                self.mark_used(event);
            }
        }
    }

    fn mark_used(&mut self, event: EventId) {
        if let Some(used) = self.trace.used_events.get_mut(event.index()) {
            *used = true;
        }
    }
}

fn is_launch(api: Api) -> bool {
    matches!(
        api,
        Api::Aclnn
            | Api::LaunchKernel
            | Api::LaunchKernelV2
            | Api::LaunchKernelWithConfig
            | Api::LaunchKernelWithHostArgs
    )
}
