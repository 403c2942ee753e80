//! What a call that stored no task did at once.

use acg_calls::{Api, CallView};
use acg_entity::Entity;
use acg_runtime::state::{ModelId, Place};

use super::Action;
use super::bindings::Object;
use super::shape::Shape;
use super::walk::{Updating, Walk};

impl<'l> Walk<'_, 'l> {
    /// What a call that stored no task did at once.
    pub(super) fn action(&mut self, view: &CallView<'l>) -> Option<Action> {
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
        self.executed.push((model, view.id.0));
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
