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
    let signal = take_signal(m, stream)?;
    m.state.streams[stream].callback_signal = Some(signal);
    m.state.streams[stream].report = ReportThread::Subscribed(m.call);
    Ok(())
}

/// `aclrtUnSubscribeReport(thread, stream)`.
pub(super) fn unsubscribe(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 1)?;
    m.state.streams[stream].report = ReportThread::None;
    if let Some(signal) = m.state.streams[stream].callback_signal.take() {
        m.state.pools.give_callback_signal(signal);
    }
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
    if !m.submit(stream, Work::HostFunction)? {
        return Ok(());
    }
    keep(m, c, 1, stream);
    if blocks {
        let signal = m.state.streams[stream].callback_signal;
        wait(m, stream, signal)?;
    }
    Ok(())
}

/// `aclrtLaunchHostFunc(stream, function, data)`.
pub(super) fn host_function(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 0)?;
    if c.is_null(1) {
        return Err(rules::null_argument::refusal(m, c, 1));
    }
    rules::begin_foreign_context::check(m, stream)?;
    rules::callback_not_subscribed::check_host_function(m, stream)?;
    if m.submit(stream, Work::HostFunction)? {
        keep(m, c, 2, stream);
        let signal = captured_signal(m, stream)?;
        return wait(m, stream, signal);
    }
    if m.state.streams[stream].report == ReportThread::None {
        let signal = take_signal(m, stream)?;
        m.state.streams[stream].callback_signal = Some(signal);
        m.state.streams[stream].report = ReportThread::HostFunction(m.call);
    }
    Ok(())
}

/// Notes that a graph gives the data at `position` to its host function.
fn keep(m: &mut Machine<'_>, c: &CallView<'_>, position: usize, stream: StreamId) {
    if let (Some(buffer), Some((_, model))) = (m.buffer_at(c, position), m.state.capture_of(stream)) {
        m.state.host_data.insert(buffer, (m.call, model));
    }
}

/// The tasks that hold a stream up until its callback has run.
fn wait(m: &mut Machine<'_>, stream: StreamId, signal: Option<u32>) -> Verdict {
    let Some(signal) = signal else { return Ok(()) };
    if m.state.target.is_david {
        m.store(stream, Work::NotifyWait(signal))?;
    } else {
        m.store(stream, Work::CallbackWait(signal))?;
        m.store(stream, Work::CallbackReset(signal))?;
    }
    Ok(())
}

/// What host functions on a captured stream report by: each hidden stream has its own, made on first use.
fn captured_signal(m: &mut Machine<'_>, stream: StreamId) -> Verdict<Option<u32>> {
    let Some(inner) = m.state.streams[stream].inner else { return Ok(None) };
    if m.state.inners[inner].callback_signal.is_none() {
        let signal = take_signal(m, stream)?;
        m.state.inners[inner].callback_signal = Some(signal);
    }
    Ok(m.state.inners[inner].callback_signal)
}

fn take_signal(m: &mut Machine<'_>, stream: StreamId) -> Verdict<u32> {
    let signal = m.state.pools.take_callback_signal();
    signal.map_err(|shortage| rules::event_exhausted::callback(m, stream, shortage))
}
