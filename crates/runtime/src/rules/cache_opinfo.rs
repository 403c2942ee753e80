//! `aclrtCacheLastTaskOpInfo` or `aclrtCacheLastTaskExtendInfo` without text, with a size out of range, or after no captured
//! task.

use acg_calls::{Arg, CallView, Name};
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};

/// ACG117.
pub static RULE: Rule = Rule::error(
    "ACG117",
    "cache-opinfo",
    &[100_000, 107_000, 507_000],
    "there is nothing to keep with the last task, or no such task",
);

/// Bytes of extend info that are kept; the runtime drops what is beyond.
const EXTEND_INFO: i64 = 4096;

/// Bytes of operator information at most.
const OP_INFO: i64 = 65_536;

/// The text of extend info and how much of it is kept.
pub(crate) fn extend_info(_: &Machine<'_>, c: &CallView<'_>) -> Verdict<(Name, u32)> {
    let Some(Arg::Text(text)) = c.arg(0) else {
        return Err(refuse(&RULE, 107_000, "there is no text to keep with the last task"));
    };
    match c.int(1).unwrap_or(0) {
        size @ 1.. => Ok((text, u32::try_from(size.min(EXTEND_INFO)).unwrap_or(0))),
        size => Err(bad_size(107_000, size, EXTEND_INFO)),
    }
}

/// Operator information has a size of its own, and goes with captured tasks only.
pub(crate) fn op_info(m: &Machine<'_>, c: &CallView<'_>) -> Verdict {
    if c.is_null(0) {
        return Err(refuse(&RULE, 100_000, "there is no information to keep with the last task"));
    }
    match c.int(1).unwrap_or(0) {
        1..=OP_INFO => {}
        size @ ..=0 => return Err(bad_size(100_000, size, OP_INFO)),
        size => return Err(bad_size(107_000, size, OP_INFO)),
    }
    if m.state.threads[m.thread].last_task.is_some() {
        return Ok(());
    }
    Err(refuse(&RULE, 507_000, "the last task of this thread was not captured")
        .help("call it right after the launch into a captured stream"))
}

fn bad_size(code: i32, size: i64, most: i64) -> Refusal {
    refuse(&RULE, code, format!("{size} bytes cannot be kept with a task"))
        .help(format!("pass 1 to {most} bytes"))
}
