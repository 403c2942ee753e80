//! Follows a replayed log from call to call.

use acg_calls::{Api, CallId, CallView, Log};
use acg_entity::Entity;
use acg_runtime::Replay;
use acg_runtime::state::{EventId, GroupId, ModelId, Place, State, StreamId, TaskId};
use rustc_hash::FxHashMap;

use super::bindings::{Bindings, Object};
use super::shape::Shape;
use super::{Action, Life, Node, Step, Touch, Trace, UpdateCalls};
use crate::access::{AccessOf, Accesses, Coverage};
use crate::units::Units;

/// The walk: where it is, and the trace so far.
struct Walk<'r, 'l> {
    replay: &'r Replay<'l>,
    units: &'r Units,
    names: Bindings<'r>,
    /// The graph that each stream is captured into, by [`StreamId`].
    captured_into: Vec<Option<ModelId>>,
    /// The open task group of each stream.
    open_groups: FxHashMap<StreamId, GroupId>,
    /// Streams that are updating a task group: their kernels run when the graph does.
    updating: FxHashMap<StreamId, Updating>,
    next_group: u32,
    next_model: u32,
    next_task: u32,
    /// The graphs being captured.
    live: Vec<ModelId>,
    trace: Trace<'r, 'l>,
    found: Vec<AccessOf>,
}

/// An update that has begun.
struct Updating {
    group: Option<GroupId>,
    begun_by: u32,
    calls: Vec<u32>,
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
        replay,
        units,
        names: Bindings::new(state, log.names()),
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
            touches: Vec::with_capacity(log.len()),
            strided: Vec::new(),
            ends: Vec::with_capacity(log.len()),
            opaque: Vec::new(),
            lives: vec![Life::default(); state.models.len()],
            notifies: FxHashMap::default(),
            cond_words: FxHashMap::default(),
            used_events: vec![false; state.events.len()],
            beside: Vec::new(),
            is_blind: false,
        },
        found: Vec::new(),
    };
    for view in log.iter() {
        walk.call(&view, accesses);
        walk.trace.ends.push(walk.trace.touches.len() as u32);
    }
    walk.trace
}

impl<'l> Walk<'_, 'l> {
    fn call(&mut self, view: &CallView<'l>, accesses: &dyn Accesses) {
        let shape = Shape::of_api(view.api());
        self.note_used_events(view, shape);
        let tasks = self.tasks_of(view.id.0);
        let is_fine = self.replay.outcomes.get(view.id.index()).is_some_and(|outcome| outcome.code == 0);
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
        self.names.define(view, shape);
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
        let inner = &state.inners[state.tasks[TaskId::at(tasks.0 as usize)].inner];
        let (model, stream) = (inner.model, inner.stream);
        self.captured_into[stream.index()] = Some(model);
        let call = view.id.0;
        self.trace.nodes.push(Node { call, model, stream, tasks });
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

    fn open_group(&mut self, call: u32, stream: StreamId) {
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
        let handle = fields.first().and_then(|field| field.name()).and_then(|name| self.names.find(name));
        let (Some(Object::Cond(cond)), Some(&branches)) = (handle, fields.get(3)) else { return };
        let models = &self.trace.state.conds[cond].branches;
        for (branch, &model) in view.items(branches).unwrap_or(&[]).iter().zip(models) {
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
            self.trace.lives[model.index()].ended_by = Some(view.id.0);
            self.trace.steps.push(Step { call: view.id.0, action: Action::Ended { model } });
        }
    }

    /// What a call that stored no task did at once.
    fn action(&mut self, view: &CallView<'l>) -> Option<Action> {
        let api = view.api();
        match api {
            Api::RiCaptureBegin | Api::RiCaptureToModelRiBegin | Api::RtStreamAddToModel => self.enter(view),
            Api::RiBindStream | Api::RiUnbindStream => self.bind_stream(view),
            Api::RiCaptureGetInfo => self.name_capture(view),
            Api::RiCaptureTaskGrpBegin => {
                let stream = self.names.stream_of(view)?;
                self.open_group(view.id.0, stream);
                None
            }
            Api::RiCaptureTaskGrpEnd => {
                let group = self.names.stream_of(view).and_then(|stream| self.open_groups.remove(&stream));
                self.names.bind(view.out(1), group.map(Object::Group));
                None
            }
            Api::RiCondHandleGetCondPtr => self.name_cond_word(view),
            Api::RiExecuteAsync => self.execute(view),
            Api::SynchronizeStream | Api::SynchronizeStreamWithTimeout | Api::StreamQuery => {
                Some(self.names.stream_of(view).map_or(Action::SyncAll, Action::SyncStream))
            }
            Api::SynchronizeEvent
            | Api::SynchronizeEventWithTimeout
            | Api::QueryEvent
            | Api::QueryEventStatus
            | Api::QueryEventWaitStatus => {
                Some(self.names.event(view, 0).map_or(Action::SyncAll, Action::SyncEvent))
            }
            // These return when something unknown is complete.
            Api::SynchronizeDevice
            | Api::SynchronizeDeviceWithTimeout
            | Api::StreamAbort
            | Api::RiAbort
            | Api::RiExecute
            | Api::ResetDevice
            | Api::ResetDeviceForce
            | Api::DestroyContext
            | Api::ProcessReport
            | Api::EventElapsedTime
            | Api::EventGetTimestamp => Some(Action::SyncAll),
            Api::DestroyStream | Api::DestroyStreamForce => {
                let stream = self.names.stream_of(view);
                Some(stream.map_or(Action::SyncAll, |stream| Action::DestroyStream { stream }))
            }
            Api::RiDestroy => {
                let model = self.names.model(view, 0);
                Some(model.map_or(Action::SyncAll, |model| Action::DestroyModel { model }))
            }
            Api::DestroyEvent => Some(Action::DestroyEvent { event: self.names.event(view, 0)? }),
            Api::Free | Api::FreeHost | Api::DvppFree | Api::HiMpiDvppFree | Api::CFree => {
                let buffer = self.names.buffer(view.address(0)?.base)?;
                Some(Action::Free { buffer })
            }
            Api::Memcpy | Api::Memcpy2d | Api::MemcpyBatch | Api::Memset => {
                self.trace.beside.extend(self.live.iter().map(|&model| (view.id.0, model)));
                Some(Action::Host)
            }
            Api::CMemcpy | Api::CMemset => Some(Action::Host),
            Api::MdlExecute | Api::GeRunGraph => {
                Some(Action::Run { unit: self.units.of_call(view.id.0)?, stream: None })
            }
            Api::MdlUnload | Api::GeRemoveGraph => {
                Some(Action::Unload { unit: self.units.of_call(view.id.0)? })
            }
            _ => self.eager(view),
        }
    }

    /// A stream goes into a capture.
    fn enter(&mut self, view: &CallView<'l>) -> Option<Action> {
        let stream = self.names.stream_of(view)?;
        let model = match view.api() {
            Api::RiCaptureBegin => self.made_model(view.id.0),
            _ => self.names.model(view, 1),
        };
        self.captured_into[stream.index()] = model;
        self.live.extend(model.filter(|model| !self.live.contains(model)));
        None
    }

    /// Work on a stream bound by the build API does not run at once; which graph it is in does not matter here.
    fn bind_stream(&mut self, view: &CallView<'l>) -> Option<Action> {
        let stream = self.names.stream(view, 1)?;
        let bound = self.names.model(view, 0).filter(|_| view.api() == Api::RiBindStream);
        self.captured_into[stream.index()] = bound;
        None
    }

    fn made_model(&mut self, call: u32) -> Option<ModelId> {
        let models = &self.trace.state.models;
        let mut found = None;
        while (self.next_model as usize) < models.len() {
            let model = ModelId::at(self.next_model as usize);
            if models[model].made_by > call {
                break;
            }
            if models[model].made_by == call {
                found = Some(model);
            }
            self.next_model += 1;
        }
        found
    }

    fn name_capture(&mut self, view: &CallView<'l>) -> Option<Action> {
        let stream = self.names.stream_of(view);
        let model = stream.and_then(|stream| self.captured_into[stream.index()]);
        self.names.bind(view.out(2), model.map(Object::Model));
        None
    }

    /// Asking twice for the address of a handle's word gives the same one.
    fn name_cond_word(&mut self, view: &CallView<'l>) -> Option<Action> {
        let cond = self.names.cond(view, 0)?;
        let out = view.out(1)?;
        let word = match self.trace.cond_words.get(&cond) {
            Some(&word) => word,
            None => self.names.buffer(out)?,
        };
        self.trace.cond_words.insert(cond, word);
        self.names.bind(Some(out), Some(Object::Buffer(word)));
        None
    }

    fn execute(&mut self, view: &CallView<'l>) -> Option<Action> {
        let model = self.names.model(view, 0)?;
        self.trace.lives[model.index()].executions.push((view.id.0, view.call.repeat.max(1)));
        let stream = self.names.stream_of(view)?;
        Some(Action::Execute { model, stream })
    }

    /// What a call did on a stream that is not being captured.
    fn eager(&mut self, view: &CallView<'l>) -> Option<Action> {
        if is_setting(view.api()) {
            return None;
        }
        Shape::of_api(view.api()).stream?;
        let Some(stream) = self.names.stream_of(view) else {
            self.trace.is_blind = true;
            return None;
        };
        if self.captured_into[stream.index()].is_some() {
            return None;
        }
        match view.api() {
            Api::RecordEvent | Api::RecordEventWithFlag => {
                let event = self.names.event(view, 0)?;
                Some(Action::Record { event, stream })
            }
            Api::StreamWaitEvent | Api::StreamWaitEventWithTimeout | Api::StreamWaitEventWithFlag => {
                Some(match self.names.event(view, 1) {
                    Some(event) if self.trace.state.events[event].is_ex() => Action::Wait { event, stream },
                    _ => Action::WaitForUnknown { stream },
                })
            }
            Api::WaitAndResetNotify | Api::CntNotifyWaitWithTimeout | Api::ValueWait => {
                Some(Action::WaitForUnknown { stream })
            }
            Api::RecordNotify | Api::CntNotifyRecord => {
                if let Some(notify) = self.names.notify(view, 0) {
                    self.trace.notifies.insert(view.id.0, notify);
                }
                Some(Action::Work { stream, is_waited_for: false })
            }
            Api::RiCaptureTaskUpdateBegin => {
                let group = self.names.group(view, 1);
                self.updating.insert(stream, Updating { group, begun_by: view.id.0, calls: Vec::new() });
                let group = group?;
                Some(Action::UpdateBegin { group, stream })
            }
            Api::RiCaptureTaskUpdateEnd => Some(Action::UpdateEnd { stream }),
            Api::MdlExecuteAsync | Api::GeRunGraphWithStreamAsync => {
                Some(Action::Run { unit: self.units.of_call(view.id.0)?, stream: Some(stream) })
            }
            Api::GeLoadGraph => Some(Action::Load { unit: self.units.of_call(view.id.0)?, stream }),
            // A host function may tell the host program anything.
            Api::LaunchCallback | Api::LaunchHostFunc => Some(Action::Work { stream, is_waited_for: true }),
            _ => Some(Action::Work { stream, is_waited_for: self.touches_pageable(view) }),
        }
    }

    /// Whether an argument lies in pageable host memory: the runtime makes such a copy a blocking one.
    fn touches_pageable(&self, view: &CallView<'l>) -> bool {
        view.args().iter().any(|arg| {
            let buffer = arg.address().and_then(|address| self.names.buffer(address.base));
            buffer.is_some_and(|buffer| self.trace.state.buffers[buffer].place == Place::Pageable)
        })
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
    fn touch(&mut self, view: &CallView<'l>, shape: &Shape, accesses: &dyn Accesses) {
        if !shape.leads_to_memory {
            return;
        }
        let mut found = std::mem::take(&mut self.found);
        let mut coverage = accesses.of(CallId(view.id.0), &mut found);
        let is_signal = matches!(view.api(), Api::ValueWrite | Api::ValueWait);
        for access in found.iter().filter(|access| !access.extent.is_empty()) {
            let Some(buffer) = self.names.buffer(access.base) else {
                coverage = Coverage::Some;
                continue;
            };
            let mut strided = u32::MAX;
            if !access.extent.is_contiguous() {
                strided = self.trace.strided.len() as u32;
                self.trace.strided.push(access.extent);
            }
            self.trace.touches.push(Touch {
                buffer,
                start: access.extent.start(),
                end: access.extent.end(),
                strided,
                writes: access.writes,
                is_exact: access.is_exact,
                is_signal,
            });
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

/// Whether a call names a stream and puts nothing on it.
fn is_setting(api: Api) -> bool {
    matches!(
        api,
        Api::StreamGetId
            | Api::StreamGetPriority
            | Api::StreamGetFlags
            | Api::StreamStop
            | Api::SetStreamAttribute
            | Api::GetStreamAttribute
            | Api::SetStreamFailureMode
            | Api::SetStreamOverflowSwitch
            | Api::GetStreamOverflowSwitch
            | Api::SetStreamResLimit
            | Api::ResetStreamResLimit
            | Api::GetStreamResLimit
            | Api::UseStreamResInCurrentThread
            | Api::UnuseStreamResInCurrentThread
            | Api::PersistentTaskClean
            | Api::SubscribeReport
            | Api::UnSubscribeReport
            | Api::RiEndTask
            | Api::RiGetTasksByStream
            | Api::AllocatorRegister
            | Api::AllocatorUnregister
            | Api::GeRegisterExternalAllocator
    )
}
