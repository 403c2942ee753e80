//! `aclrtRecordEvent`: into a graph, or at once.

use acg_calls::CallView;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict};
use crate::rules;
use crate::state::event::flag;
use crate::state::{CaptureEvent, CaptureEventId, EventId, Origin, Signal, StreamId, Work};

/// `aclrtRecordEvent(event, stream)`.
pub(super) fn plain(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::sync_arg_order::check(m, c, 0, 1)?;
    let event = m.event(c, 0)?;
    let stream = m.stream_or_default(c, 1)?;
    rules::extflag_switched::record(m, event, 0)?;
    record(m, event, stream)
}

/// A record with the default flag.
pub(super) fn record(m: &mut Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    m.state.events[event].record_tried_by = Some(m.call);
    rules::event_device_only::check(m, event)?;
    rules::ipc_event_in_capture::check(m, event, stream)?;
    rules::build_ex_event::check(m, event, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    let is_captured = m.state.captures(stream) && !m.state.events[event].is_external();
    if is_captured {
        rules::legacy_event_record::check(m, event, stream)?;
        rules::join_bad_stream_flag::check(m, stream, event)?;
        if rules::record_without_sync_flag::look(m, event, stream) {
            return Ok(());
        }
        rules::cross_capture_record::look(m, event, stream);
        rules::re_record::look(m, event, stream);
        return capture(m, event, stream).map_err(|refusal| fail(m, event, stream, refusal));
    }
    let is_stored = m.submit(stream, Work::ExternalRecord(event))?;
    m.use_on_bound(event, stream);
    m.state.events[event].waits = [None; 2];
    if is_stored {
        return Ok(());
    }
    rules::stale_association::look(m, event, stream);
    run(m, event);
    Ok(())
}

/// A captured record that fails takes the capture with it, and the one that the event belongs to.
pub(super) fn fail(m: &mut Machine<'_>, event: EventId, stream: StreamId, refusal: Refusal) -> Refusal {
    let models = [m.state.model_of_event(event), m.state.capture_of(stream).map(|(_, model)| model)];
    for model in models.into_iter().flatten() {
        m.state.terminate(model, m.call, Some(refusal.rule()));
    }
    refusal
}

fn capture(m: &mut Machine<'_>, event: EventId, stream: StreamId) -> Verdict {
    let captured = match m.state.events[event].captured {
        Some(captured) if reuses(m, captured) => captured,
        _ => make(m, event, stream)?,
    };
    rules::cross_capture_wait::check_record(m, event, captured, stream)?;
    m.store(stream, Work::Record(captured))?;
    if m.state.captured[captured].signal == Signal::Memory(None) {
        let address = m.state.pools.take_word();
        m.state.captured[captured].signal = Signal::Memory(Some(address));
    }
    m.state.captured[captured].is_recorded = true;
    Ok(())
}

/// Whether a record takes the internal event that an earlier, failed record of the same event left behind.
fn reuses(m: &Machine<'_>, captured: CaptureEventId) -> bool {
    let captured = &m.state.captured[captured];
    !m.state.target.is_david && matches!(captured.signal, Signal::Hardware(_)) && !captured.is_recorded
}

fn make(m: &mut Machine<'_>, event: EventId, stream: StreamId) -> Verdict<CaptureEventId> {
    let Some((inner, model)) = m.state.capture_of(stream) else {
        return Err(rules::captured_op_failed::refusal(m, event, stream));
    };
    let target = &m.state.target;
    let in_memory = target.uses_memory_events || m.state.pools.free_events() < target.memory_events_below;
    let signal = if in_memory {
        Signal::Memory(None)
    } else {
        let id = m.state.pools.take_event();
        Signal::Hardware(id.map_err(|shortage| rules::event_exhausted::record(m, event, stream, shortage))?)
    };
    let captured = m.state.captured.push(CaptureEvent {
        event,
        inner,
        signal,
        made_by: m.call,
        is_recorded: false,
        waited_by: None,
        is_waited_by_origin: false,
    });
    let is_new_here = m.state.model_of_event(event) != Some(model);
    m.state.events[event].captured = Some(captured);
    let model = &mut m.state.models[model];
    model.captured.push(captured);
    if is_new_here {
        model.events.push(event);
    }
    Ok(captured)
}

/// A record that runs at once.
fn run(m: &mut Machine<'_>, event: EventId) {
    let call = m.call;
    let object = &m.state.events[event];
    let takes_id = object.origin != Origin::WithFlag && object.flags & flag::SYNC != 0;
    if takes_id && let Ok(id) = m.state.pools.take_event() {
        let old = m.state.events[event].driver_id.replace(id);
        if let Some(old) = old {
            m.state.pools.events.give(old);
        }
    }
    let object = &mut m.state.events[event];
    object.recorded_by = Some(call);
    object.is_reset = false;
}
