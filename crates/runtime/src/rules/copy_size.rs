//! A copy or fill of no bytes, or of more than its destination is said to hold.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};

/// ACG365.
pub static RULE: Rule =
    Rule::error("ACG365", "copy-size", &[107_000], "a copy or fill is empty or longer than its destination");

/// The number of bytes at `position`, at most the number at `limit`.
pub(crate) fn check(c: &CallView<'_>, position: usize, limit: Option<usize>) -> Verdict<u64> {
    let bytes = c.int(position).unwrap_or(0);
    let room = limit.and_then(|limit| c.int(limit)).unwrap_or(i64::MAX);
    if bytes > 0 && bytes <= room {
        return Ok(bytes.unsigned_abs());
    }
    // Sizes are unsigned in C.
    let (bytes, room) = (bytes.cast_unsigned(), room.cast_unsigned());
    Err(refuse(&RULE, 107_000, format!("{} cannot move {bytes} bytes into {room}", c.api()))
        .help("move at least one byte and at most as many as the destination holds"))
}
