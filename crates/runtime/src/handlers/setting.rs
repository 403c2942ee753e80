//! Settings of the process, the device or a stream: limits, timeouts, profiling, dumps.
//!
//! The runtime stores none of them with a graph and checks none of them against captures.

use acg_calls::{Api, CallView};

use super::context::other;
use crate::machine::{Answer, Machine};
use crate::rules;

/// Limits on the cores that tasks may use.
pub(super) fn limit(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    rules::res_limit_late::look(m, c);
    other(m, c)
}

/// Timeouts of operators and waits.
pub(super) fn timeout(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    rules::op_timeout::look(m, c);
    other(m, c)
}

/// Profiling, dumps and overflow detection.
pub(super) fn configuration(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    rules::config_task_in_capture::look(m, c);
    match c.api() {
        Api::AclprofStart => m.profiled_by = Some(m.call),
        Api::AclprofStop | Api::AclprofFinalize => m.profiled_by = None,
        _ => {}
    }
    other(m, c)
}
