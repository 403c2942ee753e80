//! Creating, destroying and resetting events.

use acg_calls::{Api, CallView};

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::event::flag;
use crate::state::{Event, EventId, Origin, Work};

/// `aclrtCreateEvent`, `aclrtCreateEventWithFlag`, `aclrtCreateEventExWithFlag`.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    match make(m, c) {
        Ok(event) => {
            m.define(c.out(0), Object::Event(event));
            Ok(())
        }
        Err(refusal) => {
            m.leave(c.out(0));
            Err(refusal)
        }
    }
}

fn make(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict<EventId> {
    let Some(name) = c.out(0) else { return Err(rules::null_argument::refusal(m, c, 0)) };
    let origin = match c.api() {
        Api::CreateEvent => Origin::Plain,
        Api::CreateEventWithFlag => Origin::WithFlag,
        _ => Origin::Ex,
    };
    let flags = if origin == Origin::Plain { flag::PLAIN } else { rules::event_bad_flag::check(c, origin)? };
    let mut event = Event {
        name,
        origin,
        flags,
        context: m.state.threads[m.thread].context,
        made_by: m.call,
        destroyed_by: None,
        driver_id: None,
        recorded_by: None,
        record_tried_by: None,
        is_reset: false,
        captured: None,
        record_flag: None,
        wait_flag: None,
        user: None,
        ended_record: None,
        bound_use: None,
        waits: [None; 2],
    };
    // Events of the two older functions own a hardware event from the start, unless no stream can wait for them.
    if origin == Origin::WithFlag && !event.has_no_wait() {
        let id = m.state.pools.take_event();
        event.driver_id = Some(id.map_err(|shortage| rules::external_event_exhausted::refusal(c, shortage))?);
    }
    Ok(m.state.events.push(event))
}

/// `aclrtDestroyEvent(event)`.
pub(super) fn destroy(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let event = m.event(c, 0)?;
    rules::destroy_captured_event::look(m, event);
    rules::resources_before_model::event(m, event);
    m.state.events[event].destroyed_by = Some(m.call);
    // A graph whose tasks name the event keeps its number taken.
    let user = m.state.events[event].user.map(|(_, model)| model);
    let is_used = user.is_some_and(|model| m.state.models[model].destroyed_by.is_none());
    if let Some(id) = m.state.events[event].driver_id.filter(|_| !is_used) {
        m.state.pools.events.give(id);
    }
    Ok(())
}

/// `aclrtResetEvent(event, stream)`.
pub(super) fn reset(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::sync_arg_order::check(m, c, 0, 1)?;
    let event = m.event(c, 0)?;
    rules::event_device_only::check(m, event)?;
    let stream = m.stream_or_default(c, 1)?;
    rules::reset_ex_event::check(m, event)?;
    // On 950 such an event is a word of memory that the next record overwrites.
    if m.state.target.is_david && m.state.events[event].origin == Origin::Plain {
        return Ok(());
    }
    rules::begin_foreign_context::check(m, stream)?;
    rules::reset_legacy_in_capture::check(m, event, stream)?;
    m.submit(stream, Work::ExternalReset(event))?;
    rules::sync_reset_many_waiters::look(m, event, stream);
    m.state.events[event].is_reset = true;
    Ok(())
}
