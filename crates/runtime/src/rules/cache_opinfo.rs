//! `aclrtCacheLastTaskOpInfo` or `aclrtCacheLastTaskExtendInfo` with a size out of range.

use acg_calls::{Arg, CallView, Name};
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};

/// ACG117.
pub static RULE: Rule = Rule::error(
    "ACG117",
    "cache-opinfo",
    &[107_000, 507_000],
    "the text kept with the last task has a bad size",
);

/// The text and size of extend info.
pub(crate) fn extend_info(_: &Machine<'_>, c: &CallView<'_>) -> Verdict<(Name, u32)> {
    let Some(Arg::Text(text)) = c.arg(0) else {
        return Err(refuse(&RULE, 107_000, "there is no text to keep with the last task"));
    };
    Ok((text, size(c, 4096)?))
}

/// Operator information has a size of its own.
pub(crate) fn op_info(_: &Machine<'_>, c: &CallView<'_>) -> Verdict {
    size(c, 65_536).map(|_| ())
}

fn size(c: &CallView<'_>, most: i64) -> Verdict<u32> {
    let size = c.int(1).unwrap_or(0);
    if (1..=most).contains(&size) {
        return Ok(u32::try_from(size).unwrap_or(0));
    }
    Err(refuse(&RULE, 107_000, format!("{size} bytes cannot be kept with a task"))
        .help(format!("pass 1 to {most} bytes")))
}
