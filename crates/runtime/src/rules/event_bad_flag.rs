//! An event is created with flags that the function does not take.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};
use crate::state::Origin;
use crate::state::event::flag;

/// ACG054.
pub static RULE: Rule = Rule::error(
    "ACG054",
    "event-bad-flag",
    &[107_000],
    "the flags of an event are none that it can be created with",
);

/// The flags at position 1.
pub(crate) fn check(c: &CallView<'_>, origin: Origin) -> Verdict<u32> {
    let flags = c.int(1).unwrap_or(0);
    let alone = i64::from(flag::DEVICE_USE_ONLY | flag::EXTERNAL);
    let marks = i64::from(flag::SYNC | flag::PROGRESS | 0x4 | flag::TIME_LINE);
    let fits = match origin {
        Origin::Ex => flags == i64::from(flag::IPC) || (flags & marks != 0 && flags & !marks == 0),
        _ => {
            (flags & marks != 0 && flags & !marks == 0) || (flags & alone == flags && flags.count_ones() == 1)
        }
    };
    if fits {
        return Ok(u32::try_from(flags).unwrap_or(0));
    }
    Err(refuse(&RULE, 107_000, format!("an event cannot be created by {} with flags {flags:#x}", c.api()))
        .help("EXTERNAL and DEVICE_USE_ONLY go with aclrtCreateEventWithFlag, alone; IPC goes with aclrtCreateEventExWithFlag, alone"))
}
