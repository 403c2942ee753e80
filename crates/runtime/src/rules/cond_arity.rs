//! IF with other than 1 or 2 branches, WHILE with other than 1, SWITCH with none.

use acg_diagnostics::Rule;

use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::CondType;

/// ACG180.
pub static RULE: Rule =
    Rule::error("ACG180", "cond-arity", &[107_000], "a conditional task has a wrong number of branches")
        .since("9.1.0");

/// There must be a branch at all.
pub(crate) fn check_any(kind: CondType, size: i64) -> Verdict {
    if size > 0 { Ok(()) } else { Err(refusal(kind, size)) }
}

/// The number of branches must fit the type.
pub(crate) fn check(kind: CondType, size: i64) -> Verdict {
    let fits = match kind {
        CondType::If => (1..=2).contains(&size),
        CondType::While => size == 1,
        CondType::Switch => size >= 1,
    };
    if fits { Ok(()) } else { Err(refusal(kind, size)) }
}

fn refusal(kind: CondType, size: i64) -> Refusal {
    let takes = match kind {
        CondType::If => "1 or 2 branches",
        CondType::While => "exactly 1 branch",
        CondType::Switch => "at least 1 branch",
    };
    refuse(&RULE, 107_000, format!("a task of this type takes {takes}, not {size}"))
}
