//! A capture, task group or update call is given NULL for its stream.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG001.
pub static RULE: Rule =
    Rule::error("ACG001", "begin-null-stream", &[100_000], "a capture call is given no stream");

/// The stream at `position`, which must be a created one.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict<StreamId> {
    m.stream(c, position)?.ok_or_else(|| {
        let by = m.handle(c, position).1.by.filter(|&call| m.was_refused(call));
        refuse(&RULE, 100_000, format!("{} needs a stream, this one is NULL", c.api()))
            .label_if(by, "this call was to create it and failed")
            .because_of(by)
            .help("pass a stream from aclrtCreateStream; the default stream cannot be captured")
    })
}
