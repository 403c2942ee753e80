//! Which streams and events are `torch_npu`'s objects, and which are handles of pyACL.
//!
//! `torch_npu` makes streams without flags and events with `ACL_EVENT_SYNC`, and gives them what captures need: `capture_begin`,
//! task groups and `Event.record` take no stream or event that was made elsewhere (`torch_npu`, `ExternalStream`). So whatever it can
//! make is its own, unless a call needs the handle: an event goes by its handle as soon as one of its calls has none in `torch_npu`.
//!
//! A `torch.npu.Event` comes into being with its first record, and a wait before that would do nothing; one that is waited for first
//! is pyACL's as well. A `torch.npu.ExternalEvent` may be waited for first.

use acg_calls::{Api, CallView, Handle, Kind, Name};
use acg_ir::flag::{EVENT_EXTERNAL, EVENT_SYNC};
use acg_ir::{EventKind, Module, StreamData};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::lower::{Declaration, Lowered};

/// What an event is in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventForm {
    /// `torch.npu.Event()`.
    Plain,
    /// `torch.npu.Event(enable_timing=True)`.
    Timed,
    /// `torch.npu.ExternalEvent()`.
    External,
    /// A handle of pyACL.
    Handle,
}

/// The forms of all events; a name that is missing is a handle.
#[derive(Debug, Default)]
pub(super) struct Forms {
    events: FxHashMap<Name, EventForm>,
}

impl Forms {
    /// Goes through the calls of a log.
    pub(super) fn of(module: &Module, lowered: &Lowered) -> Self {
        let mut forms = Self::default();
        let mut used: FxHashSet<Name> = FxHashSet::default();
        for call in lowered.log.iter() {
            for (param, arg) in call.api().params().iter().zip(call.args()) {
                match param.kind {
                    Kind::Out(Handle::Event) => {
                        let event = arg.out().and_then(|name| Some((name, lowered.declaration(name)?)));
                        if let Some((name, Declaration::Event(event))) = event {
                            forms.events.insert(name, made_as(module.events[event].kind));
                        }
                    }
                    Kind::In(Handle::Event) => {
                        let Some(name) = arg.name() else { continue };
                        let first = used.insert(name);
                        let form = forms.event(name);
                        if !takes(form, &call, first, module, lowered) {
                            forms.events.insert(name, EventForm::Handle);
                        }
                    }
                    _ => {}
                }
            }
        }
        forms
    }

    /// What an event is.
    pub(super) fn event(&self, name: Name) -> EventForm {
        self.events.get(&name).copied().unwrap_or(EventForm::Handle)
    }
}

/// `ACL_EVENT_TIME_LINE`.
const EVENT_TIME_LINE: u32 = 0x8;

/// What `torch_npu` calls an event of a kind.
fn made_as(kind: EventKind) -> EventForm {
    match kind {
        EventKind::Ex(EVENT_SYNC) => EventForm::Plain,
        EventKind::Ex(flags) if flags == EVENT_SYNC | EVENT_TIME_LINE => EventForm::Timed,
        EventKind::WithFlag(EVENT_EXTERNAL) => EventForm::External,
        _ => EventForm::Handle,
    }
}

/// Whether `torch_npu` has the call for an event of that form; `first` says that no call used the event before.
fn takes(form: EventForm, call: &CallView<'_>, first: bool, module: &Module, lowered: &Lowered) -> bool {
    let on = |at: usize| call.name(at).is_some_and(|stream| is_torch_stream(module, lowered, stream));
    match (form, call.api()) {
        (EventForm::Handle, _) | (_, Api::DestroyEvent) => true,
        (_, Api::RecordEvent) | (EventForm::External, Api::ResetEvent) => on(1),
        (EventForm::External, Api::StreamWaitEvent) => on(0),
        (EventForm::Plain | EventForm::Timed, Api::StreamWaitEvent) => on(0) && !first,
        (EventForm::Plain | EventForm::Timed, Api::SynchronizeEvent | Api::QueryEventStatus) => !first,
        // `Event.elapsed_time` waits for both events before it asks.
        _ => false,
    }
}

/// Whether a name is that of a stream which `torch_npu` makes.
pub(super) fn is_torch_stream(module: &Module, lowered: &Lowered, name: Name) -> bool {
    match lowered.declaration(name) {
        Some(Declaration::Stream(stream)) => is_plain(&module.streams[stream]),
        _ => false,
    }
}

/// Whether a stream has neither priority nor flags and is not the default stream.
pub(super) fn is_plain(stream: &StreamData) -> bool {
    stream.priority.is_none() && stream.flags == 0 && !stream.is_default
}
