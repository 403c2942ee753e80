//! What each name of a log stands for at the moment.

use acg_calls::Name;

use crate::state::{BufferId, CondId, ContextId, EventId, GroupId, LabelId, ModelId, NotifyId, StreamId};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    /// A stream.
    Stream(StreamId),
    /// An event.
    Event(EventId),
    /// A notify or count notify.
    Notify(NotifyId),
    /// A graph.
    Model(ModelId),
    /// A task group.
    Group(GroupId),
    /// A conditional handle.
    Cond(CondId),
    /// An allocation.
    Buffer(BufferId),
    /// A label.
    Label(LabelId),
    /// A context.
    Context(ContextId),
    /// Something that the model keeps no state for.
    Other,
}

/// What a name stands for and since which call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Binding {
    /// The object, `None` for NULL.
    pub(crate) object: Option<Object>,
    /// The call that was to define it last, whether or not it did.
    pub(crate) by: Option<u32>,
}

/// The bindings of all names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bindings {
    /// As long as the last name that was bound wants: those of kernels, which are never bound, come behind.
    table: Vec<Binding>,
}

impl Bindings {
    /// What `name` stands for.
    pub(crate) fn find(&self, name: Name) -> Binding {
        self.table.get(name.index()).copied().unwrap_or_default()
    }

    /// Lets `name` stand for `object`; `None` is NULL.
    pub(crate) fn bind(&mut self, name: Name, object: Option<Object>, call: u32) {
        *self.binding(name) = Binding { object, by: Some(call) };
    }

    /// Remembers that `call` was to define `name` and did not touch it.
    pub(crate) fn leave(&mut self, name: Name, call: u32) {
        self.binding(name).by = Some(call);
    }

    fn binding(&mut self, name: Name) -> &mut Binding {
        if name.index() >= self.table.len() {
            self.table.resize(name.index() + 1, Binding::default());
        }
        &mut self.table[name.index()]
    }
}
