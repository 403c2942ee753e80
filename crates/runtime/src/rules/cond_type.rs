//! `aclmdlRIAddCondTask` with an unknown type.

use acg_diagnostics::Rule;

use crate::refusal::{Verdict, refuse};
use crate::state::CondType;

/// ACG179.
pub static RULE: Rule = Rule::error(
    "ACG179",
    "cond-type",
    &[107_000],
    "the type of a conditional task is not IF, WHILE or SWITCH",
)
.since("9.1.0");

/// The type with this number.
pub(crate) fn check(number: i64) -> Verdict<CondType> {
    CondType::from_number(number).ok_or_else(|| {
        refuse(&RULE, 107_000, format!("{number} is no type of conditional task"))
            .help("use IF, WHILE or SWITCH")
    })
}
