//! The exchange mode is none of the three there are.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::Mode;

/// ACG020.
pub static RULE: Rule = Rule::error(
    "ACG020",
    "exchange-bad-mode",
    &[107_000],
    "the exchange mode is not GLOBAL, THREAD_LOCAL or RELAXED",
);

/// The mode.
pub(crate) fn check(_: &Machine<'_>, c: &CallView<'_>) -> Verdict<Mode> {
    let number = c.int(0).unwrap_or(-1);
    Mode::from_number(number).ok_or_else(|| {
        refuse(&RULE, 107_000, format!("{number} is no capture mode, nothing is exchanged"))
            .help("use ACL_MODEL_RI_CAPTURE_MODE_GLOBAL, _THREAD_LOCAL or _RELAXED")
    })
}
