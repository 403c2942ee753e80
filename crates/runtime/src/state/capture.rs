//! Entering and leaving a capture: begin, join, termination, exit, and the end of a graph.

use acg_diagnostics::Rule;

use super::{
    CaptureStatus, Cause, Inner, InnerId, Mode, Model, ModelId, ModelKind, ModelStatus, Shortage, Signal,
    State, StreamId, ThreadId,
};

/// Why a stream could not join a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The capture is already invalid or over.
    Lost,
    /// No hidden stream is left.
    Shortage(Shortage),
}

impl State {
    /// Makes a graph.
    pub(crate) fn make_model(
        &mut self,
        kind: ModelKind,
        thread: ThreadId,
        call: u32,
    ) -> Result<ModelId, Shortage> {
        let driver_id = self.pools.take_model()?;
        let context = self.threads[thread].context;
        Ok(self.models.push(Model::new(driver_id, kind, context, call)))
    }

    /// Binds a new hidden stream for `stream` to a graph and puts the stream into the capture.
    pub(crate) fn enter(
        &mut self,
        stream: StreamId,
        model: ModelId,
        is_origin: bool,
        call: u32,
    ) -> Result<InnerId, Shortage> {
        let driver_id = self.pools.take_stream()?;
        let inner = self.make_inner(Inner::new(driver_id, model, stream, is_origin));
        let graph = &mut self.models[model];
        graph.members.push(stream);
        graph.status = ModelStatus::Capturing;
        let id = stream;
        let stream = &mut self.streams[id];
        stream.inner = Some(inner);
        stream.status = CaptureStatus::Active;
        stream.entered_by = call;
        self.capturing.push(id);
        Ok(inner)
    }

    /// Pulls an eager stream into a running capture.
    pub(crate) fn join(&mut self, stream: StreamId, model: ModelId, call: u32) -> Result<InnerId, Join> {
        if self.models[model].status != ModelStatus::Capturing {
            return Err(Join::Lost);
        }
        self.enter(stream, model, false, call).map_err(Join::Shortage)
    }

    /// Counts a capture's mode for its context and thread.
    pub(crate) fn enter_mode(&mut self, stream: StreamId, mode: Mode, thread: ThreadId) {
        self.streams[stream].mode = Some(mode);
        self.streams[stream].begun_by = Some(thread);
        let context = self.streams[stream].context;
        self.contexts[context].modes[mode as usize] += 1;
        self.threads[thread].begun[mode as usize] += 1;
    }

    /// Takes a capture's mode back. The thread that ends is discounted even where another one began.
    pub(crate) fn exit_mode(&mut self, stream: StreamId, thread: ThreadId) {
        self.streams[stream].begun_by = None;
        let Some(mode) = self.streams[stream].mode.take() else { return };
        let context = self.streams[stream].context;
        let count = &mut self.contexts[context].modes[mode as usize];
        *count = count.saturating_sub(1);
        let count = &mut self.threads[thread].begun[mode as usize];
        *count = count.saturating_sub(1);
    }

    /// Makes the capture of a graph invalid; the first cause stays.
    pub(crate) fn terminate(&mut self, model: ModelId, call: u32, rule: Option<&'static Rule>) {
        let model = &mut self.models[model];
        if model.is_capturing() {
            model.status = ModelStatus::Invalidated;
            model.cause.get_or_insert(Cause { call, rule });
        }
    }

    /// Puts every stream and event of a graph's capture back to eager.
    pub(crate) fn exit(&mut self, model: ModelId, call: u32) {
        let members = std::mem::take(&mut self.models[model].members);
        for stream in members {
            if self.streams[stream].inner.is_some_and(|inner| self.inners[inner].model == model) {
                self.streams[stream].inner = None;
                self.streams[stream].status = CaptureStatus::None;
                self.streams[stream].ended_by = Some(call);
            }
        }
        let streams = &self.streams;
        self.capturing.retain(|&stream| streams[stream].is_capturing());
        for &inner in &self.models[model].inners {
            self.inners[inner].group = None;
        }
        let events = std::mem::take(&mut self.models[model].events);
        for event in events {
            if let Some(captured) = self.events[event].captured.take() {
                self.events[event].ended_record = Some(self.captured[captured].made_by);
            }
        }
        self.models[model].status = ModelStatus::Ready;
        self.models[model].ended_by = Some(call);
    }

    /// Destroys a graph, its branches with it, and gives their driver ids back.
    pub(crate) fn destroy_model(&mut self, model: ModelId, call: u32) {
        // Hardly any graph has branches.
        let (mut next, mut pending) = (Some(model), Vec::new());
        while let Some(model) = next {
            if self.models[model].destroyed_by.replace(call).is_none() {
                for &cond in &self.models[model].conds {
                    pending.extend_from_slice(&self.conds[cond].branches);
                }
                self.release(model);
            }
            next = pending.pop();
        }
    }

    fn release(&mut self, model: ModelId) {
        let graph = &self.models[model];
        for &captured in &graph.captured {
            match self.captured[captured].signal {
                Signal::Hardware(id) => self.pools.events.give(id),
                Signal::Memory(Some(address)) => self.pools.give_word(address),
                Signal::Memory(None) => {}
            }
        }
        for &id in &graph.notifies {
            self.pools.give_notify(id);
        }
        for &inner in &graph.inners {
            self.pools.streams.give(self.inners[inner].driver_id);
            if let Some(signal) = self.inners[inner].callback_signal {
                self.pools.give_callback_signal(signal);
            }
        }
        self.pools.models.give(graph.driver_id);
    }
}
