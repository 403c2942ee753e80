//! Calls that wait for or ask about work: streams, events, the device.

use acg_calls::{Api, CallView};

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;

/// `aclrtSynchronizeStream` and the form with a timeout.
pub(super) fn stream(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream(c, 0)?;
    if c.api() == Api::SynchronizeStreamWithTimeout {
        rules::sync_timeout_arg::check(c, 1)?;
    }
    if let Some(stream) = stream {
        rules::sync_captured_stream::check(m, stream)?;
    }
    Ok(())
}

/// `aclrtStreamQuery(stream, &status)`.
pub(super) fn query_stream(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream(c, 0)?;
    stream.map_or(Ok(()), |stream| rules::query_captured_stream::check(m, stream))
}

/// `aclrtSynchronizeDevice` and the form with a timeout.
pub(super) fn device(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    if c.api() == Api::SynchronizeDeviceWithTimeout {
        rules::sync_timeout_arg::check(c, 0)?;
    }
    rules::sync_device_in_capture::check(m)?;
    Ok(())
}

/// `aclrtSynchronizeEvent` and the form with a timeout.
pub(super) fn event(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let event = m.event(c, 0)?;
    if c.api() == Api::SynchronizeEventWithTimeout {
        rules::sync_timeout_arg::check(c, 1)?;
    }
    rules::external_host_query::check(m, event)?;
    rules::sync_captured_event::check(m, event)?;
    rules::build_event_host_sync::check(m, event)?;
    rules::sync_host_wait_flag::look(m, event);
    rules::captured_record_after_end::look_from_host(m, event);
    Ok(())
}

/// `aclrtQueryEvent` and `aclrtQueryEventWaitStatus`.
pub(super) fn old_query(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let event = m.event(c, 0)?;
    rules::query_captured_event::check_old(m, event)?;
    rules::external_host_query::check(m, event)
}

/// `aclrtQueryEventStatus(event, &status)`.
pub(super) fn query_event(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let event = m.event(c, 0)?;
    rules::external_host_query::check(m, event)?;
    rules::query_captured_event::check(m, event)?;
    rules::sync_host_wait_flag::look(m, event);
    rules::captured_record_after_end::look_from_host(m, event);
    Ok(())
}

/// `aclrtEventElapsedTime(&ms, start, end)`.
pub(super) fn elapsed(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let (start, end) = (m.event(c, 1)?, m.event(c, 2)?);
    for event in [start, end] {
        rules::timing_captured_event::check(m, event)?;
    }
    for event in [start, end] {
        rules::external_host_query::check(m, event)?;
    }
    for event in [start, end] {
        rules::ipc_event_in_capture::check_time(m, event)?;
    }
    rules::sync_time_flag::check(m, &[start, end])
}

/// `aclrtEventGetTimestamp(event, &time)`.
pub(super) fn timestamp(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let event = m.event(c, 0)?;
    rules::external_host_query::check(m, event)?;
    rules::ipc_event_in_capture::check_time(m, event)?;
    rules::timing_captured_event::check(m, event)?;
    rules::sync_time_flag::check(m, &[event])
}
