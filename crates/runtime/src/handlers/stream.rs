//! Creating and destroying streams, and their properties.

use acg_calls::{Api, CallView};

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{Stream, StreamId};

/// `aclrtCreateStream` and the form with a configuration.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    match make(m, c) {
        Ok(stream) => {
            m.define(c.out(0), Object::Stream(stream));
            Ok(())
        }
        Err(refusal) => {
            m.leave(c.out(0));
            Err(refusal)
        }
    }
}

fn make(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict<StreamId> {
    let Some(name) = c.out(0) else { return Err(rules::null_argument::refusal(m, c, 0)) };
    let flags = if c.api() == Api::CreateStream {
        0
    } else {
        c.int(2).and_then(|flags| u32::try_from(flags).ok()).unwrap_or(0)
    };
    rules::stream_flag_unsupported::check(m, flags)?;
    let driver_id = m.state.pools.take_stream();
    let driver_id = driver_id.map_err(|shortage| rules::stream_exhausted::refusal(m, c, shortage))?;
    let context = m.state.threads[m.thread].context;
    Ok(m.state.make_stream(Stream::new(Some(name), flags, context, driver_id, m.call)))
}

/// `aclrtDestroyStream(stream)` and the forced form.
pub(super) fn destroy(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.given_stream(c, 0)?;
    rules::destroy_captured_stream::check(m, stream)?;
    rules::begin_foreign_context::check(m, stream)?;
    rules::build_unbind_first::stream(m, stream);
    m.state.destroy_stream(stream, m.call);
    Ok(())
}

/// `aclrtPersistentTaskClean(stream)`.
pub(super) fn clean(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 0)?;
    rules::stream_clean_in_subgraph::check(m, stream)
}

/// `aclrtSetStreamAttribute`, `aclrtSetStreamOverflowSwitch`.
pub(super) fn set_property(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let stream = m.stream_or_default(c, 0)?;
    rules::stream_property_in_capture::check(m, c, stream)
}

/// Calls that read or clear overflow flags on a stream.
pub(super) fn overflow_status(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let position = super::stream_position(c).unwrap_or(0);
    let stream = m.stream_or_default(c, position)?;
    rules::overflow_status_in_capture::check(m, stream)
}
