//! Host functions and callbacks on streams.

use acg_calls::CallView;

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{ReportThread, StreamId, Work};

/// `aclrtSubscribeReport(thread, stream)`.
pub(super) fn subscribe(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 1)?;
    rules::callback_subscribed_twice::check(m, stream)?;
    m.state.streams[stream].report = ReportThread::Subscribed(m.call);
    Ok(())
}

/// `aclrtUnSubscribeReport(thread, stream)`.
pub(super) fn unsubscribe(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 1)?;
    m.state.streams[stream].report = ReportThread::None;
    Ok(())
}

/// `aclrtLaunchCallback(function, data, kind, stream)`.
pub(super) fn launch(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    if c.is_null(0) {
        return Err(rules::null_argument::refusal(m, c, 0));
    }
    let stream = m.stream_or_default(c, 3)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::callback_not_subscribed::check(m, stream)?;
    let blocks = c.int(2) == Some(1);
    put(m, stream, blocks)
}

/// `aclrtLaunchHostFunc(stream, function, data)`.
pub(super) fn host_function(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 0)?;
    if c.is_null(1) {
        return Err(rules::null_argument::refusal(m, c, 1));
    }
    rules::begin_foreign_context::check(m, stream)?;
    rules::callback_not_subscribed::check_host_function(m, stream)?;
    put(m, stream, true)
}

/// The host function and, where the stream has to wait for it, the wait.
fn put(m: &mut Machine<'_>, stream: StreamId, blocks: bool) -> Verdict {
    if !m.submit(stream, Work::HostFunction)? || !blocks {
        return Ok(());
    }
    let Some((_, model)) = m.state.capture_of(stream) else { return Ok(()) };
    if m.state.target.is_david {
        let notify = m.state.pools.take_notify();
        let notify = notify.map_err(|shortage| rules::notify_exhausted::refusal(m, model, shortage))?;
        m.state.models[model].notifies.push(notify);
        m.store(stream, Work::NotifyWait(notify))?;
    } else {
        let event = m.state.pools.take_event();
        let event = event.map_err(|shortage| rules::event_exhausted::callback(m, stream, shortage))?;
        m.state.models[model].callback_events.push(event);
        m.store(stream, Work::CallbackWait(event))?;
        m.store(stream, Work::CallbackReset(event))?;
    }
    Ok(())
}
