//! One file per rule.

pub mod collective_counts_differ;
pub mod collective_order_differs;
pub mod irregular_dump;
pub mod queue_overflow;
pub mod record_never_waited;
pub mod streams_over_budget;
pub mod unordered_collectives;
pub mod unreadable_dump;
pub mod vector_cores_oversubscribed;
pub mod wait_cycle;
pub mod wait_from_outside;
pub mod wait_without_record;

use acg_diagnostics::{Diagnostic, Rule};

/// Every rule of this crate, by code.
pub static RULES: &[&Rule] = &[
    &wait_cycle::RULE,
    &wait_without_record::RULE,
    &wait_from_outside::RULE,
    &record_never_waited::RULE,
    &vector_cores_oversubscribed::RULE,
    &unordered_collectives::RULE,
    &collective_order_differs::RULE,
    &collective_counts_differ::RULE,
    &streams_over_budget::RULE,
    &queue_overflow::RULE,
    &unreadable_dump::RULE,
    &irregular_dump::RULE,
];

/// How many findings of one rule a dump tells at most; thousands of the same kind have one cause.
const MOST: usize = 64;

/// Adds the first findings of one rule; the last of them says how many more there are.
fn push_first(diagnostics: &mut Vec<Diagnostic>, found: Vec<Diagnostic>) {
    let more = found.len().saturating_sub(MOST);
    let start = diagnostics.len();
    diagnostics.extend(found.into_iter().take(MOST));
    if let Some(last) = diagnostics.get_mut(start..).and_then(|own| own.last_mut())
        && more > 0
    {
        last.notes.push(format!("{more} more findings of this rule in the same dump are not shown"));
    }
}
