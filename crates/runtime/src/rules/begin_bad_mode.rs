//! The mode of a capture is none of the three there are.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::Mode;

/// ACG002.
pub static RULE: Rule = Rule::error(
    "ACG002",
    "begin-bad-mode",
    &[107_000],
    "the capture mode is not GLOBAL, THREAD_LOCAL or RELAXED",
);

/// The mode at `position`.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, position: usize) -> Verdict<Mode> {
    let number = c.int(position).unwrap_or(-1);
    Mode::from_number(number).ok_or_else(|| {
        let stream = c.name(0).map_or("the stream", |name| m.text(name));
        refuse(&RULE, 107_000, format!("{number} is no capture mode for {stream}"))
            .help("use ACL_MODEL_RI_CAPTURE_MODE_GLOBAL, _THREAD_LOCAL or _RELAXED")
    })
}
