//! The state of the runtime between two calls, and its transitions.
//!
//! Nothing here refuses a call or knows what one is called: handlers check, and then ask for a
//! transition. Objects are never removed from their arenas, because a log may go on naming what it destroyed.
//!
//! **Invariant:** every id stored anywhere in the state is in its arena; [`State::inconsistencies`] lists what else holds.

mod capture;
mod cond;
mod consistency;
mod context;
mod entities;
pub mod event;
mod group;
mod ids;
mod inner;
mod launches;
mod memory;
mod model;
mod notify;
mod resources;
mod storing;
pub mod stream;
mod task;
mod thread;

pub use capture::Join;
pub use cond::Cond;
pub use context::Context;
pub use entities::{
    BufferId, CaptureEventId, CondId, ContextId, EventId, GroupId, InnerId, LabelId, LaunchId, ModelId,
    NotifyId, StreamId, TaskId, ThreadId, WordId,
};
pub use event::{CaptureEvent, Event, Origin, Signal};
pub use group::Group;
pub use ids::IdPool;
pub use inner::Inner;
pub use launches::Launches;
pub use memory::{Buffer, Place};
pub use model::{Cause, Few, Model, ModelKind, ModelStatus};
pub use notify::{Label, Notify};
pub use resources::{Pools, Shortage};
pub use storing::NotStored;
pub use stream::{CaptureStatus, GroupStatus, Mode, ReportThread, Stream};
pub use task::{CondType, ExtendInfo, Kernel, Task, Work};
pub use thread::Thread;

use acg_entity::{Arena, Entity};
use rustc_hash::FxHashMap;

use crate::target::Target;

/// Everything that the runtime remembers.
#[derive(Clone, Debug)]
pub struct State {
    /// The machine it runs on.
    pub target: Target,
    /// Streams of the program and default streams.
    pub streams: Arena<StreamId, Stream>,
    /// Hidden streams.
    pub inners: Arena<InnerId, Inner>,
    /// Stored tasks of all graphs.
    pub tasks: Arena<TaskId, Task>,
    /// Kernels as they were launched; tasks that follow each other may share one.
    pub launches: Launches,
    /// What was kept with tasks; hardly any task has such a text.
    pub extend_infos: FxHashMap<TaskId, ExtendInfo>,
    /// The addresses of the words that value operations name.
    pub words: Arena<WordId, u64>,
    /// Events of the program.
    pub events: Arena<EventId, Event>,
    /// Internal events.
    pub captured: Arena<CaptureEventId, CaptureEvent>,
    /// Notifies and count notifies.
    pub notifies: Arena<NotifyId, Notify>,
    /// Graphs.
    pub models: Arena<ModelId, Model>,
    /// Task groups.
    pub groups: Arena<GroupId, Group>,
    /// Conditional handles.
    pub conds: Arena<CondId, Cond>,
    /// Allocations.
    pub buffers: Arena<BufferId, Buffer>,
    /// The last captured host function that an allocation is given to: the call and the graph. Hardly any allocation is.
    pub host_data: FxHashMap<BufferId, (u32, ModelId)>,
    /// Labels.
    pub labels: Arena<LabelId, Label>,
    /// Contexts.
    pub contexts: Arena<ContextId, Context>,
    /// Host threads.
    pub threads: Arena<ThreadId, Thread>,
    /// Streams that are being captured, in the order in which they entered.
    pub capturing: Vec<StreamId>,
    /// The context in which each call about an offline model or a graph of the graph engine was made, in the order of the calls.
    pub context_of_call: Vec<(u32, ContextId)>,
    /// Driver ids.
    pub pools: Pools,
}

impl State {
    /// The state of a process that has set its device and made no other call.
    pub fn new(target: Target) -> Self {
        let mut state = Self {
            target,
            streams: Arena::default(),
            inners: Arena::default(),
            tasks: Arena::default(),
            launches: Launches::default(),
            extend_infos: FxHashMap::default(),
            words: Arena::default(),
            events: Arena::default(),
            captured: Arena::default(),
            notifies: Arena::default(),
            models: Arena::default(),
            groups: Arena::default(),
            conds: Arena::default(),
            buffers: Arena::default(),
            host_data: FxHashMap::default(),
            labels: Arena::default(),
            contexts: Arena::default(),
            threads: Arena::default(),
            capturing: Vec::new(),
            context_of_call: Vec::new(),
            pools: Pools::new(&target),
        };
        state.make_context(None, 0, 0);
        state
    }

    /// Makes a context with its default stream.
    pub fn make_context(&mut self, name: Option<acg_calls::Name>, device: u32, call: u32) -> ContextId {
        let id = ContextId::at(self.contexts.len());
        let driver_id = self.pools.streams.take().unwrap_or(u32::MAX);
        // The runtime keeps a second stream per context, for control tasks of its own.
        let _ = self.pools.streams.take();
        let default_stream = self.streams.push(Stream::new(None, 0, id, driver_id, call));
        self.contexts.push(Context {
            name,
            device,
            default_stream,
            modes: [0; 3],
            destroyed_by: None,
            current_on: Vec::new(),
        })
    }

    /// Makes a stream of the program.
    pub fn make_stream(&mut self, stream: Stream) -> StreamId {
        self.streams.push(stream)
    }

    /// Makes a hidden stream and binds it to its graph.
    pub(super) fn make_inner(&mut self, inner: Inner) -> InnerId {
        let model = inner.model;
        let id = self.inners.push(inner);
        self.models[model].inners.push(id);
        id
    }

    /// Binds a stream to a graph of the build API.
    pub(crate) fn bind(&mut self, stream: StreamId, model: ModelId) {
        self.streams[stream].bound_to = Some(model);
        self.models[model].bound.push(stream);
    }

    /// Unbinds a stream from whichever graph it is bound to.
    pub(crate) fn unbind(&mut self, stream: StreamId) {
        if let Some(model) = self.streams[stream].bound_to.take() {
            self.models[model].bound.retain(|&bound| bound != stream);
        }
    }

    /// Destroys a stream of the program.
    pub fn destroy_stream(&mut self, stream: StreamId, call: u32) {
        self.streams[stream].destroyed_by = Some(call);
        let id = self.streams[stream].driver_id;
        self.pools.streams.give(id);
    }

    /// The hidden stream of a captured stream and the graph it belongs to, unless that graph is gone.
    pub fn capture_of(&self, stream: StreamId) -> Option<(InnerId, ModelId)> {
        let inner = self.streams[stream].inner?;
        let model = self.inners[inner].model;
        self.models[model].destroyed_by.is_none().then_some((inner, model))
    }

    /// Whether records on a stream are captured: its graph is being captured.
    pub fn captures(&self, stream: StreamId) -> bool {
        self.capture_of(stream).is_some_and(|(_, model)| self.models[model].is_capturing())
    }

    /// The graph that holds the latest captured record of an event, unless it is gone.
    pub fn model_of_event(&self, event: EventId) -> Option<ModelId> {
        let captured = self.events[event].captured?;
        let model = self.inners[self.captured[captured].inner].model;
        self.models[model].destroyed_by.is_none().then_some(model)
    }

    /// Whether an event is captured: the graph of its latest captured record is being captured.
    pub fn is_captured(&self, event: EventId) -> bool {
        !self.events[event].is_external()
            && self.model_of_event(event).is_some_and(|model| self.models[model].is_capturing())
    }

    /// Whether unsafe calls are refused to a thread (capture-rules, section 5.1).
    pub fn refuses_unsafe(&self, thread: ThreadId) -> bool {
        let thread = &self.threads[thread];
        let Some(context) = self.contexts[thread.context].strictest() else { return false };
        let begun = thread.strictest();
        match thread.exchange {
            Mode::Relaxed => false,
            Mode::Global => context == Mode::Global || begun == Some(Mode::ThreadLocal),
            Mode::ThreadLocal => matches!(begun, Some(Mode::Global | Mode::ThreadLocal)),
        }
    }

    /// The tasks of a hidden stream in order.
    pub fn tasks_of(&self, inner: InnerId) -> impl Iterator<Item = (TaskId, &Task)> {
        let mut next = self.inners[inner].first;
        std::iter::from_fn(move || {
            let id = next?;
            let task = &self.tasks[id];
            next = task.next;
            Some((id, task))
        })
    }
}
