//! What calls read and write, as somebody who knows says it.
//!
//! A compiler knows it from the operands of its tasks; for a log that came from elsewhere
//! [`Arguments`](crate::Arguments) reads it from the arguments of the calls.

use acg_calls::{CallId, Name};
use acg_ir::Extent;

/// Bytes that a call certainly reads or writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessOf {
    /// The allocation, by the name that the log knows it by at the call.
    pub base: Name,
    /// Which of its bytes, counted from the start of the allocation.
    pub extent: Extent,
    /// Whether it writes them; a call that does both has two accesses.
    pub writes: bool,
    /// Whether the extent is all that it touches there; else it starts there and its end is unknown.
    pub is_exact: bool,
}

/// Whether the accesses that are known are all that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The call touches nothing else.
    All,
    /// The call may touch other memory as well.
    Some,
}

/// A source of accesses.
pub trait Accesses {
    /// Appends what the call at `call` reads and writes if it takes effect, and says whether that is all.
    ///
    /// Only bytes that it certainly touches may be appended; a call that may touch more answers [`Coverage::Some`].
    fn of(&self, call: CallId, out: &mut Vec<AccessOf>) -> Coverage;

    /// Whether it can matter which bytes calls touch; where it cannot, nobody asks.
    fn matter(&self) -> bool {
        true
    }

    /// Whether the log shows what memory holds before a graph runs; where it does not, reading what nothing writes is no mistake.
    fn show_contents(&self) -> bool {
        true
    }

    /// Whether it is known that all tasks that conflict in the graph whose capture this call begins are ordered.
    fn are_ordered(&self, begin: CallId) -> bool {
        let _ = begin;
        false
    }
}
