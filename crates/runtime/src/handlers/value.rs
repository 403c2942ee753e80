//! Writes of and waits for values in device memory.

use acg_calls::{Api, CallView};

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::Work;

/// `aclrtValueWrite`, `aclrtValueWait`.
pub(super) fn operate(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    rules::null_argument::addresses(m, c, &[0])?;
    rules::value_op_in_capture::check(m)?;
    let stream = m.stream_or_default(c, 3)?;
    rules::begin_foreign_context::check(m, stream)?;
    let buffer = m.buffer_at(c, 0);
    let base = buffer.map_or(0, |buffer| m.state.buffers[buffer].address);
    let address = base.saturating_add(c.address(0).map_or(0, |address| address.offset));
    let at = m.state.words.push(address);
    let work = if c.api() == Api::ValueWrite { Work::ValueWrite(at) } else { Work::ValueWait(at) };
    m.submit(stream, work).map(|_| ())
}
