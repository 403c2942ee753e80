//! Contexts, and every call that the model gives no meaning to.

use acg_calls::{CallView, Kind};
use acg_entity::Entity;

use crate::bindings::Object;
use crate::machine::{Answer, Machine};
use crate::refusal::Verdict;
use crate::rules;
use crate::state::ContextId;

/// `aclrtCreateContext(&context, device)`; the new context becomes the thread's current one.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let device = u32::try_from(c.int(1).unwrap_or(0)).unwrap_or(0);
    let context = m.state.make_context(c.out(0), device, m.call);
    make_current(m, context);
    m.define(c.out(0), Object::Context(context));
    Answer::fine()
}

/// `aclrtSetCurrentContext(context)`.
pub(super) fn set_current(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let context = given(m, c)?;
    make_current(m, context);
    Ok(())
}

fn make_current(m: &mut Machine<'_>, context: ContextId) {
    m.state.threads[m.thread].context = context;
    let threads = &mut m.state.contexts[context].current_on;
    if threads.last() != Some(&m.thread) {
        threads.push(m.thread);
    }
}

/// `aclrtGetCurrentContext(&context)`.
pub(super) fn current(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let context = m.state.threads[m.thread].context;
    m.define(c.out(0), Object::Context(context));
    Answer::fine()
}

/// `aclrtDestroyContext(context)`.
pub(super) fn destroy(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let context = given(m, c)?;
    m.state.contexts[context].destroyed_by = Some(m.call);
    for thread in std::mem::take(&mut m.state.contexts[context].current_on) {
        if m.state.threads[thread].context == context {
            m.state.threads[thread].context = ContextId::at(0);
        }
    }
    Ok(())
}

/// `aclrtSetDevice(device)`: its default context becomes the thread's current one.
pub(super) fn set_device(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let device = u32::try_from(c.int(0).unwrap_or(0)).unwrap_or(0);
    let known =
        m.state.contexts.iter().find(|(_, context)| context.name.is_none() && context.device == device);
    let known = known.map(|(id, _)| id);
    let context = known.unwrap_or_else(|| m.state.make_context(None, device, m.call));
    make_current(m, context);
    Answer::fine()
}

/// `aclrtCtxGetCurrentDefaultStream(&stream)`.
pub(super) fn default_stream(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let stream = m.default_stream();
    m.define(c.out(0), Object::Stream(stream));
    Answer::fine()
}

/// A call without meaning here: it succeeds, and what it was to define is defined.
pub(super) fn other(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    for (position, param) in c.api().params().iter().enumerate() {
        if matches!(param.kind, Kind::Out(_) | Kind::OutAddress | Kind::OutArray) {
            m.define(c.out(position), Object::Other);
        }
    }
    Answer::fine()
}

/// A call about an offline model or a graph of the graph engine: succeeds; its context is remembered.
pub(super) fn executable(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let context = m.state.threads[m.thread].context;
    if m.state.context_of_call.last().is_none_or(|last| last.0 < m.call) {
        m.state.context_of_call.push((m.call, context));
    }
    other(m, c)
}

fn given(m: &Machine<'_>, c: &CallView<'_>) -> Verdict<ContextId> {
    match m.handle(c, 0) {
        (_, crate::bindings::Binding { object: Some(Object::Context(context)), .. })
            if m.state.contexts[context].destroyed_by.is_none() =>
        {
            Ok(context)
        }
        _ => Err(rules::null_argument::refusal(m, c, 0)),
    }
}
