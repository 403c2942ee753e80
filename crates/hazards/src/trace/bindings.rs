//! What names stand for while a log is followed, in the objects of the replay's state.

use acg_calls::{CallView, Handle, Name};
use acg_entity::{Arena, Entity};
use acg_runtime::state::{BufferId, CondId, ContextId, EventId, GroupId, ModelId, NotifyId, State, StreamId};

use super::shape::{Out, Shape};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Stream(StreamId),
    Event(EventId),
    Notify(NotifyId),
    Model(ModelId),
    Group(GroupId),
    Cond(CondId),
    Buffer(BufferId),
}

/// How far each arena has been gone through: its objects stand in the order of the calls that made them.
#[derive(Clone, Copy, Debug, Default)]
struct Made {
    stream: u32,
    event: u32,
    notify: u32,
    cond: u32,
    buffer: u32,
}

/// The bindings of all names.
pub(super) struct Bindings<'r> {
    state: &'r State,
    /// As long as the last name that was bound wants.
    table: Vec<Option<Object>>,
    made: Made,
}

/// The last object of an arena that `call` made, and how far that is.
fn made_by<I: Entity, T>(
    arena: &Arena<I, T>,
    next: &mut u32,
    call: u32,
    by: impl Fn(&T) -> u32,
) -> Option<I> {
    let mut found = None;
    while (*next as usize) < arena.len() {
        let id = I::at(*next as usize);
        let maker = by(&arena[id]);
        if maker > call {
            break;
        }
        if maker == call {
            found = Some(id);
        }
        *next += 1;
    }
    found
}

impl<'r> Bindings<'r> {
    pub(super) fn new(state: &'r State) -> Self {
        Self { state, table: Vec::new(), made: Made::default() }
    }

    pub(super) fn find(&self, name: Name) -> Option<Object> {
        self.table.get(name.index()).copied().flatten()
    }

    pub(super) fn bind(&mut self, name: Option<Name>, object: Option<Object>) {
        let Some(name) = name else { return };
        if name.index() >= self.table.len() {
            self.table.resize(name.index() + 1, None);
        }
        self.table[name.index()] = object;
    }

    /// Binds what a successful call made to the names of its out-parameters.
    pub(super) fn define(&mut self, view: &CallView<'_>, shape: &Shape) {
        for &(position, out) in &shape.outs {
            let object = match out {
                Out::Handle(handle) => self.made_object(handle, view.id.0),
                Out::Address => self.made_buffer(view.id.0),
            };
            self.bind(view.out(position), object);
        }
    }

    fn made_object(&mut self, handle: Handle, call: u32) -> Option<Object> {
        let (state, made) = (self.state, &mut self.made);
        match handle {
            Handle::Stream => {
                made_by(&state.streams, &mut made.stream, call, |it| it.made_by).map(Object::Stream)
            }
            Handle::Event => {
                made_by(&state.events, &mut made.event, call, |it| it.made_by).map(Object::Event)
            }
            Handle::Notify | Handle::CntNotify => {
                made_by(&state.notifies, &mut made.notify, call, |it| it.made_by).map(Object::Notify)
            }
            Handle::CondHandle => {
                made_by(&state.conds, &mut made.cond, call, |it| it.made_by).map(Object::Cond)
            }
            _ => None,
        }
    }

    fn made_buffer(&mut self, call: u32) -> Option<Object> {
        made_by(&self.state.buffers, &mut self.made.buffer, call, |it| it.made_by).map(Object::Buffer)
    }

    /// The stream at `position`; NULL is the default stream where there is only one context.
    pub(super) fn stream(&self, view: &CallView<'_>, position: usize) -> Option<StreamId> {
        match view.name(position).and_then(|name| self.find(name)) {
            Some(Object::Stream(stream)) => Some(stream),
            None if self.state.contexts.len() == 1 => {
                Some(self.state.contexts[ContextId::at(0)].default_stream)
            }
            _ => None,
        }
    }

    /// The stream that a call works on, where it has one.
    pub(super) fn stream_of(&self, view: &CallView<'_>) -> Option<StreamId> {
        self.stream(view, Shape::of_api(view.api()).stream?)
    }

    pub(super) fn event(&self, view: &CallView<'_>, position: usize) -> Option<EventId> {
        match self.find(view.name(position)?)? {
            Object::Event(event) => Some(event),
            _ => None,
        }
    }

    pub(super) fn notify(&self, view: &CallView<'_>, position: usize) -> Option<NotifyId> {
        match self.find(view.name(position)?)? {
            Object::Notify(notify) => Some(notify),
            _ => None,
        }
    }

    pub(super) fn model(&self, view: &CallView<'_>, position: usize) -> Option<ModelId> {
        match self.find(view.name(position)?)? {
            Object::Model(model) => Some(model),
            _ => None,
        }
    }

    pub(super) fn group(&self, view: &CallView<'_>, position: usize) -> Option<GroupId> {
        match self.find(view.name(position)?)? {
            Object::Group(group) => Some(group),
            _ => None,
        }
    }

    pub(super) fn cond(&self, view: &CallView<'_>, position: usize) -> Option<CondId> {
        match self.find(view.name(position)?)? {
            Object::Cond(cond) => Some(cond),
            _ => None,
        }
    }

    pub(super) fn buffer(&self, name: Name) -> Option<BufferId> {
        match self.find(name)? {
            Object::Buffer(buffer) => Some(buffer),
            _ => None,
        }
    }
}
