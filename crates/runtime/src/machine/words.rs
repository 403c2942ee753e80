//! How messages call things: by the names of the log.

use std::borrow::Cow;

use acg_calls::Name;

use super::Machine;
use crate::state::{BufferId, CondId, EventId, ModelId, NotifyId, StreamId};

impl Machine<'_> {
    /// A name's text.
    pub(crate) fn text(&self, name: Name) -> &str {
        self.log.text(name)
    }

    /// A stream's name.
    pub(crate) fn stream_name(&self, stream: StreamId) -> &str {
        self.state.streams[stream].name.map_or("the default stream", |name| self.log.text(name))
    }

    /// An event's name.
    pub(crate) fn event_name(&self, event: EventId) -> &str {
        self.log.text(self.state.events[event].name)
    }

    /// A notify's name.
    pub(crate) fn notify_name(&self, notify: NotifyId) -> &str {
        self.log.text(self.state.notifies[notify].name)
    }

    /// An allocation's name.
    pub(crate) fn buffer_name(&self, buffer: BufferId) -> &str {
        self.log.text(self.state.buffers[buffer].name)
    }

    /// A conditional handle's name.
    pub(crate) fn cond_name(&self, cond: CondId) -> &str {
        self.state.conds[cond].name.map_or("the handle", |name| self.log.text(name))
    }

    /// A graph's name, or the capture that makes it.
    pub(crate) fn model_name(&self, model: ModelId) -> Cow<'_, str> {
        match self.state.models[model].name {
            Some(name) => Cow::Borrowed(self.log.text(name)),
            None => match self.origin_of(model) {
                Some(stream) => Cow::Owned(format!("the capture on {}", self.stream_name(stream))),
                None => Cow::Borrowed("the graph"),
            },
        }
    }

    /// The stream that the capture of a graph began on.
    pub(crate) fn origin_of(&self, model: ModelId) -> Option<StreamId> {
        let inner =
            self.state.models[model].inners.iter().find(|&&inner| self.state.inners[inner].is_origin)?;
        Some(self.state.inners[*inner].stream)
    }
}
