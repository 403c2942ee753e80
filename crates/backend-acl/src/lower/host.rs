//! Host functions, and calls that are made at once.

use acg_calls::{Api, Arg, Name};
use acg_ir::{DestroyTarget, Event, GraphId, Mode, Operand, QueryTarget, Symbol, SyncTarget};

use super::Lowerer;
use super::capture::mode_arg;
use super::task::Line;

impl Lowerer<'_> {
    /// `callback f`, `callback f block`.
    pub(super) fn callback(&mut self, line: Line<'_>, function: Symbol, block: bool) {
        let function = self.function(function);
        let args = [Arg::Name(function), Arg::Null, Arg::Int(i64::from(block)), line.stream];
        let call = self.call(Api::LaunchCallback, &args);
        self.named(call, line);
    }

    /// `host_func f`.
    pub(super) fn host_func(&mut self, line: Line<'_>, function: Symbol) {
        let function = self.function(function);
        let call = self.call(Api::LaunchHostFunc, &[line.stream, Arg::Name(function), Arg::Null]);
        self.named(call, line);
    }

    fn function(&mut self, function: Symbol) -> Name {
        self.handles.function(&mut self.lowered.log, function, self.module.text(function))
    }

    /// `sync …`.
    pub(super) fn sync(&mut self, line: Line<'_>, target: SyncTarget) {
        let timeout = self.timeout(line);
        let (plain, limited, handle) = match target {
            SyncTarget::Stream(stream) => (
                Api::SynchronizeStream,
                Api::SynchronizeStreamWithTimeout,
                Some(self.handles.streams[stream]),
            ),
            SyncTarget::Event(event) => {
                let event = Arg::Name(self.handles.events[event]);
                (Api::SynchronizeEvent, Api::SynchronizeEventWithTimeout, Some(event))
            }
            SyncTarget::Device => (Api::SynchronizeDevice, Api::SynchronizeDeviceWithTimeout, None),
        };
        let call = match (handle, timeout) {
            (Some(handle), Some(timeout)) => self.call(limited, &[handle, timeout]),
            (Some(handle), None) => self.call(plain, &[handle]),
            (None, Some(timeout)) => self.call(limited, &[timeout]),
            (None, None) => self.call(plain, &[]),
        };
        self.named(call, line);
    }

    /// `query …`.
    pub(super) fn query(&mut self, line: Line<'_>, target: QueryTarget) {
        let status = Arg::Out(self.value_name("status"));
        let call = match target {
            QueryTarget::Stream(stream) => {
                self.call(Api::StreamQuery, &[self.handles.streams[stream], status])
            }
            QueryTarget::Event(event) => {
                self.call(Api::QueryEventStatus, &[Arg::Name(self.handles.events[event]), status])
            }
        };
        self.named(call, line);
    }

    /// `elapsed a b`.
    pub(super) fn elapsed(&mut self, line: Line<'_>, start: Event, end: Event) {
        let milliseconds = Arg::Out(self.value_name("elapsed_ms"));
        let events = [start, end].map(|event| Arg::Name(self.handles.events[event]));
        let call = self.call(Api::EventElapsedTime, &[milliseconds, events[0], events[1]]);
        self.named(call, line);
    }

    /// `destroy …`.
    pub(super) fn destroy(&mut self, line: Line<'_>, target: DestroyTarget) {
        let first = self.lowered.log.next_id();
        match target {
            DestroyTarget::Stream(stream) => {
                self.call(Api::DestroyStream, &[self.handles.streams[stream]]);
            }
            DestroyTarget::Event(event) => {
                self.call(Api::DestroyEvent, &[Arg::Name(self.handles.events[event])]);
            }
            DestroyTarget::Notify(notify) => {
                self.call(Api::DestroyNotify, &[Arg::Name(self.handles.notifies[notify])]);
            }
            DestroyTarget::Buffer(buffer) => {
                let address = self.address(Operand { buffer, slice: None });
                self.free_buffer(self.module.buffers[buffer].space, address);
            }
            DestroyTarget::Handle(handle) => {
                self.call(Api::RiDestroy, &[Arg::Name(self.handles.called[handle])]);
            }
            DestroyTarget::Graph(graph) => {
                for model in self.handles.models_of(graph) {
                    self.call(Api::RiDestroy, &[Arg::Name(model)]);
                }
            }
        }
        self.named(first, line);
    }

    /// `begin_update g.tail`.
    pub(super) fn begin_update(&mut self, line: Line<'_>, group: Option<(GraphId, Symbol)>) {
        let group = group.map_or(Arg::Null, |(graph, name)| self.handles.group(graph, name));
        let call = self.call(Api::RiCaptureTaskUpdateBegin, &[line.stream, group]);
        self.named(call, line);
    }

    /// `end_update`.
    pub(super) fn end_update(&mut self, line: Line<'_>) {
        let call = self.call(Api::RiCaptureTaskUpdateEnd, &[line.stream]);
        self.named(call, line);
    }

    /// `exchange relaxed`, and both ends of a `relaxed` block.
    pub(super) fn exchange(&mut self, mode: Mode) {
        self.set_mode(mode);
        self.call(Api::RiCaptureThreadExchangeMode, &[Arg::Exchange(mode_arg(mode))]);
    }

    /// The name of a plain value that calls of one kind write.
    pub(super) fn value_name(&mut self, text: &'static str) -> Name {
        self.handles.value(&mut self.lowered.log, text)
    }
}
