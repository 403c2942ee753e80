//! What the names of a log stand for: streams, events, notifies, memory and graphs of the program.

use acg_calls::{Address, Api, CallView, Name};
use acg_ir::{
    BodyId, Buffer, Cond, Event, EventKind, GraphId, Group, Handle, HostMemory, Notify, Space, Stream,
    StreamData, TensorType,
};

use rustc_hash::FxHashSet;

use super::LogImport;
use super::captures::Place;
use crate::draft::{DraftBranch, Sheet};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Stream(Stream),
    Event(Event),
    Notify(Notify),
    /// Memory, of which the name is the start.
    Buffer(Buffer),
    /// A graph whose capture has ended.
    Graph(GraphId),
    /// A graph whose capture is said call by call.
    Handle(Handle),
    /// The model of the capture that a stream is in, and the sheet of that if it is a block.
    Captured(Option<Sheet>, Stream),
    /// A branch of a conditional task, which stands in a place.
    Branch(Place, DraftBranch),
    /// The handle of a conditional task.
    Cond(Cond),
    /// A task group of a body.
    Group(BodyId, Group),
}

/// What every name stands for at the moment.
#[derive(Debug, Default)]
pub(super) struct Objects {
    by_name: Vec<Option<Object>>,
    default_stream: Option<Stream>,
    /// Streams that a report thread is subscribed to.
    subscribed: FxHashSet<Stream>,
}

impl Objects {
    pub(super) fn find(&self, name: Name) -> Option<Object> {
        self.by_name.get(name.index()).copied().flatten()
    }

    pub(super) fn bind(&mut self, name: Name, object: Object) {
        if name.index() >= self.by_name.len() {
            self.by_name.resize(name.index() + 1, None);
        }
        self.by_name[name.index()] = Some(object);
    }

    /// A name stands for nothing again.
    pub(super) fn forget(&mut self, name: Name) {
        if let Some(object) = self.by_name.get_mut(name.index()) {
            *object = None;
        }
    }
}

impl<'l> LogImport<'l> {
    /// Declares what a call makes; whether it is a call that makes something.
    pub(super) fn declare(&mut self, call: &CallView<'l>) -> bool {
        let made = match call.api() {
            Api::CreateStream => self.stream(call, None, 0),
            Api::CreateStreamWithConfig => {
                let priority = call.int(1).and_then(|priority| u32::try_from(priority).ok()).unwrap_or(0);
                let flags = call.int(2).and_then(|flags| u32::try_from(flags).ok()).unwrap_or(0);
                self.stream(call, Some(priority), flags)
            }
            Api::CtxGetCurrentDefaultStream => {
                let stream = self.default_stream();
                if let Some(name) = call.out(0) {
                    self.objects.bind(name, Object::Stream(stream));
                }
                return true;
            }
            Api::CreateEvent => self.event(call, EventKind::Legacy),
            Api::CreateEventWithFlag => self.event(call, EventKind::WithFlag(flags(call))),
            Api::CreateEventExWithFlag => self.event(call, EventKind::Ex(flags(call))),
            Api::CreateNotify => {
                call.out(0).map(|name| Object::Notify(self.draft.notify(self.log.text(name))))
            }
            Api::Malloc
            | Api::MallocAlign32
            | Api::MallocCached
            | Api::MallocWithCfg
            | Api::MemPoolMallocAsync => self.buffer(call, Space::Device),
            Api::MallocHost | Api::MallocHostWithCfg => self.buffer(call, Space::Host(HostMemory::Pinned)),
            Api::CMalloc => self.buffer(call, Space::Host(HostMemory::Pageable)),
            _ => return false,
        };
        // A call that fails leaves a variable that was set before as it was.
        if let (Some(object), Some(name)) = (made, call.out(0))
            && (self.succeeded(call) || self.objects.find(name).is_none())
        {
            self.objects.bind(name, object);
        }
        true
    }

    fn stream(&mut self, call: &CallView<'l>, priority: Option<u32>, flags: u32) -> Option<Object> {
        let name = self.log.text(call.out(0)?);
        let data = |name| StreamData { name, is_default: false, priority, flags, subscribed: false };
        Some(Object::Stream(self.draft.stream(name, data)))
    }

    fn event(&mut self, call: &CallView<'l>, kind: EventKind) -> Option<Object> {
        let name = self.log.text(call.out(0)?);
        Some(Object::Event(self.draft.event(name, kind)))
    }

    fn buffer(&mut self, call: &CallView<'l>, space: Space) -> Option<Object> {
        let size = call.int(1).and_then(|size| u64::try_from(size).ok());
        let size = size.filter(|&size| size > 0 && size <= u64::MAX / 8)?;
        let name = self.log.text(call.out(0)?);
        Some(Object::Buffer(self.draft.buffer(name, space, TensorType::Bytes(size))))
    }

    /// The context's default stream.
    pub(super) fn default_stream(&mut self) -> Stream {
        if let Some(stream) = self.objects.default_stream {
            return stream;
        }
        let stream = self.draft.stream("default_stream", |name| StreamData {
            name,
            is_default: true,
            priority: None,
            flags: 0,
            subscribed: false,
        });
        self.objects.default_stream = Some(stream);
        stream
    }

    /// The stream at a position; NULL, and a name that nothing made, is the default one.
    pub(super) fn stream_at(&mut self, call: &CallView<'l>, position: usize) -> Stream {
        match call.name(position).and_then(|name| self.objects.find(name)) {
            Some(Object::Stream(stream)) => stream,
            _ => self.default_stream(),
        }
    }

    pub(super) fn event_at(&self, call: &CallView<'l>, position: usize) -> Result<Event, String> {
        match call.name(position).and_then(|name| self.objects.find(name)) {
            Some(Object::Event(event)) => Ok(event),
            _ => Err("nothing in the log makes its event".to_owned()),
        }
    }

    pub(super) fn notify_at(&self, call: &CallView<'l>, position: usize) -> Result<Notify, String> {
        match call.name(position).and_then(|name| self.objects.find(name)) {
            Some(Object::Notify(notify)) => Ok(notify),
            _ => Err("nothing in the log makes its notify".to_owned()),
        }
    }

    /// The buffer in which an address lies.
    pub(super) fn buffer_of(&self, address: Address) -> Result<Buffer, String> {
        match self.objects.find(address.base) {
            Some(Object::Buffer(buffer)) => Ok(buffer),
            _ => Err(format!("nothing in the log allocates `{}`", self.log.text(address.base))),
        }
    }

    /// A thread is subscribed to a stream, or no longer.
    pub(super) fn subscribe(&mut self, call: &CallView<'l>) {
        if self.shape.is_bare(call.id) {
            let place = self.place_or_run(call);
            return self.say(call, place);
        }
        let stream = self.stream_at(call, 1);
        if call.api() == Api::UnSubscribeReport {
            self.objects.subscribed.remove(&stream);
        } else if self.succeeded(call) {
            self.objects.subscribed.insert(stream);
        }
    }

    /// A host function is put on a stream. In a program a stream is subscribed from the start or not at all, so that counts
    /// which is in force when it matters.
    pub(super) fn serves(&mut self, stream: Stream) {
        if self.objects.subscribed.contains(&stream) {
            self.draft.module.streams[stream].subscribed = true;
        }
    }

    /// Host memory becomes page-locked.
    pub(super) fn register(&mut self, call: &CallView<'l>) {
        let Some(Ok(buffer)) = call.address(0).map(|address| self.buffer_of(address)) else { return };
        let data = &mut self.draft.module.buffers[buffer];
        if data.space == Space::Host(HostMemory::Pageable) && self.codes[call.id.index()] == 0 {
            data.space = Space::Host(HostMemory::Registered);
        }
        let mapped = match call.api() {
            Api::HostRegister => call.out(3),
            _ => call.out(1),
        };
        if let Some(name) = mapped {
            self.objects.bind(name, Object::Buffer(buffer));
        }
    }
}

fn flags(call: &CallView<'_>) -> u32 {
    call.int(1).and_then(|flags| u32::try_from(flags).ok()).unwrap_or(0)
}
