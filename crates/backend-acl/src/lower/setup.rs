//! Everything that exists before the first capture.

use acg_calls::{Api, Arg, Name};
use acg_ir::{Buffer, BufferData, EventKind, HostMemory, Space, Stream};

use super::{Declaration, Lowerer, Phase};

/// `ACL_MEM_MALLOC_HUGE_FIRST`.
pub(super) const HUGE_FIRST: Arg = Arg::Int(0);
/// `ACL_HOST_REGISTER_MAPPED`.
const HOST_REGISTER_MAPPED: Arg = Arg::Int(0);
/// The device that the program uses.
pub(super) const DEVICE: Arg = Arg::Int(0);

impl Lowerer<'_> {
    /// The device, streams, events and notifies.
    pub(super) fn initialise(&mut self) {
        self.enter(Phase::Initialise);
        if !self.module.sessions.is_empty() {
            self.call(Api::GeInitialize, &[Arg::Null]);
        }
        self.call(Api::AclInit, &[Arg::Null]);
        self.call(Api::SetDevice, &[DEVICE]);
        self.create_threads_and_contexts();
        for stream in self.module.streams.keys() {
            self.create_stream(stream);
        }
        for (event, data) in self.module.events.iter() {
            self.because_of(Declaration::Event(event));
            let out = Arg::Out(self.handles.events[event]);
            match data.kind {
                EventKind::Ex(flags) => self.call(Api::CreateEventExWithFlag, &[out, Arg::Int(flags.into())]),
                EventKind::Legacy => self.call(Api::CreateEvent, &[out]),
                EventKind::WithFlag(flags) => {
                    self.call(Api::CreateEventWithFlag, &[out, Arg::Int(flags.into())])
                }
            };
        }
        for notify in self.module.notifies.keys() {
            self.because_of(Declaration::Notify(notify));
            self.call(Api::CreateNotify, &[Arg::Out(self.handles.notifies[notify]), Arg::Int(0)]);
        }
    }

    fn create_stream(&mut self, stream: Stream) {
        let data = self.module.streams[stream];
        self.because_of(Declaration::Stream(stream));
        if let Arg::Name(name) = self.handles.streams[stream] {
            if data.priority.is_none() && data.flags == 0 {
                self.call(Api::CreateStream, &[Arg::Out(name)]);
            } else {
                let priority = Arg::Int(data.priority.unwrap_or(0).into());
                self.call(
                    Api::CreateStreamWithConfig,
                    &[Arg::Out(name), priority, Arg::Int(data.flags.into())],
                );
            }
        }
        if data.subscribed {
            let thread = self.report_thread();
            self.call(Api::SubscribeReport, &[thread, self.handles.streams[stream]]);
        }
    }

    /// The thread that runs callbacks.
    pub(super) fn report_thread(&mut self) -> Arg {
        Arg::Name(self.value_name("report_thread"))
    }

    /// Memory for every buffer that is no view.
    pub(super) fn allocate(&mut self) {
        self.enter(Phase::Allocate);
        for (buffer, data) in self.module.buffers.iter() {
            if data.view.is_none() {
                self.because_of(Declaration::Buffer(buffer));
                self.allocate_buffer(buffer, data);
            }
        }
    }

    fn allocate_buffer(&mut self, buffer: Buffer, data: &BufferData) {
        let name = self.handles.buffers[buffer];
        let size = self.size(buffer);
        match data.space {
            Space::Cond(_) => return,
            Space::Device | Space::Temp => self.call(Api::Malloc, &[Arg::Out(name), size, HUGE_FIRST]),
            Space::Host(HostMemory::Pinned) => self.call(Api::MallocHost, &[Arg::Out(name), size]),
            Space::Host(HostMemory::Pageable) => self.call(Api::CMalloc, &[Arg::Out(name), size]),
            Space::Host(HostMemory::Registered) => {
                self.call(Api::CMalloc, &[Arg::Out(name), size]);
                let mapped = self.mapped(buffer, name);
                self.call(Api::HostRegister, &[Arg::Name(name), size, HOST_REGISTER_MAPPED, Arg::Out(mapped)])
            }
        };
    }

    /// The name of the device's address of registered host memory.
    fn mapped(&mut self, buffer: Buffer, name: Name) -> Name {
        let text = format!("{}_mapped", self.lowered.log.text(name));
        let mapped = self.handles.generated(&mut self.lowered.log, &text);
        self.lowered.declare(mapped, Declaration::Buffer(buffer));
        mapped
    }
}
