//! Handles and addresses of a call: what they stand for, and what NULL and dead ones get.

use acg_calls::{Address, CallView, Name};

use super::Machine;
use crate::bindings::{Binding, Object};
use crate::refusal::Verdict;
use crate::rules::{null_handle, stale_model_handle};
use crate::state::{BufferId, CondId, EventId, GroupId, LabelId, ModelId, NotifyId, StreamId};

impl Machine<'_> {
    /// What the handle at `position` stands for.
    pub(crate) fn handle(&self, call: &CallView<'_>, position: usize) -> (Option<Name>, Binding) {
        let name = call.name(position);
        (name, name.map_or_else(Binding::default, |name| self.names.find(name)))
    }

    /// The stream at `position`, `None` for NULL.
    pub(crate) fn stream(&self, call: &CallView<'_>, position: usize) -> Verdict<Option<StreamId>> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Ok(None),
            (_, Binding { object: Some(Object::Stream(stream)), .. })
                if self.state.streams[stream].destroyed_by.is_none() =>
            {
                Ok(Some(stream))
            }
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The stream at `position`, which must not be NULL.
    pub(crate) fn given_stream(&self, call: &CallView<'_>, position: usize) -> Verdict<StreamId> {
        self.stream(call, position)?.ok_or_else(|| null_handle::refusal(self, call, position, "stream"))
    }

    /// The stream at `position`, the default one for NULL.
    pub(crate) fn stream_or_default(&self, call: &CallView<'_>, position: usize) -> Verdict<StreamId> {
        Ok(self.stream(call, position)?.unwrap_or_else(|| self.default_stream()))
    }

    /// The event at `position`, which must not be NULL.
    pub(crate) fn event(&self, call: &CallView<'_>, position: usize) -> Verdict<EventId> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Err(null_handle::refusal(self, call, position, "event")),
            (_, Binding { object: Some(Object::Event(event)), .. })
                if self.state.events[event].destroyed_by.is_none() =>
            {
                Ok(event)
            }
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The notify at `position`, `None` for NULL.
    pub(crate) fn notify(&self, call: &CallView<'_>, position: usize) -> Verdict<Option<NotifyId>> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Ok(None),
            (_, Binding { object: Some(Object::Notify(notify)), .. })
                if self.state.notifies[notify].destroyed_by.is_none() =>
            {
                Ok(Some(notify))
            }
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The graph at `position`, `None` for NULL.
    pub(crate) fn model(&self, call: &CallView<'_>, position: usize) -> Verdict<Option<ModelId>> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Ok(None),
            (_, Binding { object: Some(Object::Model(model)), .. })
                if self.state.models[model].destroyed_by.is_none() =>
            {
                Ok(Some(model))
            }
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The graph at `position`, which must not be NULL.
    pub(crate) fn given_model(&self, call: &CallView<'_>, position: usize) -> Verdict<ModelId> {
        self.model(call, position)?.ok_or_else(|| null_handle::refusal(self, call, position, "graph"))
    }

    /// The graph at `position` of a call that the ACL layer hands on unchecked.
    pub(crate) fn model_below(&self, call: &CallView<'_>, position: usize) -> Verdict<ModelId> {
        self.model(call, position)?.ok_or_else(|| null_handle::refusal_below(self, call, position, "graph"))
    }

    /// The task group at `position`, whose graph may be gone; `None` for NULL.
    pub(crate) fn group(&self, call: &CallView<'_>, position: usize) -> Verdict<Option<GroupId>> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Ok(None),
            (_, Binding { object: Some(Object::Group(group)), .. }) => Ok(Some(group)),
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The conditional handle that a binding stands for, `None` for NULL.
    pub(crate) fn cond(&self, name: Option<Name>) -> Verdict<Option<CondId>> {
        let binding = name.map_or_else(Binding::default, |name| self.names.find(name));
        match binding.object {
            None => Ok(None),
            Some(Object::Cond(cond))
                if self.state.models[self.state.conds[cond].model].destroyed_by.is_none() =>
            {
                Ok(Some(cond))
            }
            Some(_) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The label at `position`, `None` for NULL.
    pub(crate) fn label(&self, call: &CallView<'_>, position: usize) -> Verdict<Option<LabelId>> {
        match self.handle(call, position) {
            (_, Binding { object: None, .. }) => Ok(None),
            (_, Binding { object: Some(Object::Label(label)), .. }) => Ok(Some(label)),
            (name, binding) => Err(stale_model_handle::refusal(self, name, binding)),
        }
    }

    /// The allocation that an address lies in, where the log shows one.
    pub(crate) fn buffer(&self, address: Address) -> Option<BufferId> {
        match self.names.find(address.base).object {
            Some(Object::Buffer(buffer)) => Some(buffer),
            _ => None,
        }
    }

    /// The allocation at `position`.
    pub(crate) fn buffer_at(&self, call: &CallView<'_>, position: usize) -> Option<BufferId> {
        self.buffer(call.address(position)?)
    }

    /// Whether the address at `position` is NULL: written so, or a name that nothing defined.
    pub(crate) fn is_null_address(&self, call: &CallView<'_>, position: usize) -> bool {
        call.address(position).is_none_or(|address| self.names.find(address.base).object.is_none())
    }
}
