//! `aclrtStreamWaitEvent`: into a graph, pulling the stream in where it is eager, or at once.

use acg_calls::CallView;

use super::record::fail;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{CaptureEventId, EventId, StreamId, Work};

/// `aclrtStreamWaitEvent(stream, event)` and the form with a timeout.
pub(super) fn plain(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::sync_arg_order::check(m, c, 1, 0)?;
    let stream = m.stream(c, 0)?;
    let event = m.event(c, 1)?;
    let stream = stream.unwrap_or_else(|| m.default_stream());
    rules::extflag_switched::wait(m, event, 0)?;
    wait(m, stream, event)
}

/// A wait with the default flag.
pub(super) fn wait(m: &mut Machine<'_>, stream: StreamId, event: EventId) -> Verdict {
    rules::event_device_only::check(m, event)?;
    rules::ipc_event_in_capture::check(m, event, stream)?;
    rules::wait_without_sync_flag::check(m, event)?;
    rules::build_ex_event::check(m, event, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    if m.state.is_captured(event) {
        rules::join_bad_stream_flag::check(m, stream, event)?;
        rules::default_stream_waits_captured::check(m, stream, event)?;
        return capture(m, stream, event).map_err(|refusal| fail(m, event, stream, refusal));
    }
    if m.state.streams[stream].is_capturing() {
        rules::legacy_event_wait::check(m, event, stream)?;
        rules::wait_on_outside_record::check(m, event, stream)?;
    }
    if m.state.events[event].recorded_by.is_none() && !m.state.streams[stream].is_capturing() {
        m.state.streams[stream].missed_join = Some(m.call);
    }
    if rules::wait_never_recorded::look(m, event, stream) {
        return Ok(());
    }
    rules::sync_wait_before_record::check(m, event, stream)?;
    rules::external_cannot_join::look(m, event, stream);
    if m.state.captures(stream) {
        m.submit(stream, Work::ExternalWait(event))?;
    } else {
        rules::update_bad_task::check(m, stream)?;
        m.state.streams[stream].last_wait = Some(m.call);
    }
    m.use_on_bound(event, stream);
    rules::sync_reset_many_waiters::note_wait(m, event, stream);
    Ok(())
}

fn capture(m: &mut Machine<'_>, stream: StreamId, event: EventId) -> Verdict {
    let Some(captured) = m.state.events[event].captured else {
        return Err(rules::captured_op_failed::refusal(m, event, stream));
    };
    if m.state.streams[stream].inner.is_none() {
        join(m, stream, event, captured)?;
    }
    rules::cross_capture_wait::check(m, event, captured, stream)?;
    let inner = m.state.streams[stream].inner;
    m.store(stream, Work::Wait(captured))?;
    rules::captured_op_failed::check_signal(m, captured, event, stream)?;
    let is_origin = inner.is_some_and(|inner| m.state.inners[inner].is_origin);
    let call = m.call;
    let captured = &mut m.state.captured[captured];
    captured.waited_by.get_or_insert(call);
    captured.is_waited_by_origin |= is_origin;
    Ok(())
}

fn join(m: &mut Machine<'_>, stream: StreamId, event: EventId, captured: CaptureEventId) -> Verdict {
    let model = m.state.inners[m.state.captured[captured].inner].model;
    match m.state.join(stream, model, m.call) {
        Ok(_) => {
            rules::unjoined_work::look(m, stream, model);
            Ok(())
        }
        Err(reason) => Err(rules::join_invalid_capture::refusal(m, stream, Some(event), model, reason)),
    }
}
