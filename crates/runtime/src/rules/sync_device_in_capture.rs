//! `aclrtSynchronizeDevice` while a stream of the thread's current context is being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG085.
pub static RULE: Rule = Rule::error(
    "ACG085",
    "sync-device-in-capture",
    &[107_027],
    "the device is synchronized while its context has a capture",
);

/// No stream of the current context may be captured.
pub(crate) fn check(m: &Machine<'_>) -> Verdict {
    let context = m.state.threads[m.thread].context;
    let Some(stream) = m.capturing_stream(context) else { return Ok(()) };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("the device cannot be synchronized while {name} is being captured"))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .note("The capture goes on.")
        .help("synchronize single streams that are not captured, or wait until the capture has ended"))
}
