//! `aclmdlRISetName` with more than 512 bytes.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG221.
pub static RULE: Rule =
    Rule::error("ACG221", "name-too-long", &[107_000], "a graph's name is longer than 512 bytes");

/// A name at position 1 must fit.
pub(crate) fn check(c: &CallView<'_>) -> Verdict {
    let length = c.text(1).map_or(0, str::len);
    if length <= 512 {
        return Ok(());
    }
    Err(refuse(&RULE, 107_000, format!("a name of {length} bytes is too long")).help("use at most 512 bytes"))
}
