//! What is wrong with captured graphs, seen from their debug dumps alone: one file per rule in `rules`.
//!
//! | what | where |
//! |---|---|
//! | a dump with its place among the sources | `subject` |
//! | which tasks are collectives, and how many cores they take | `collective` |
//! | sets of tasks that can run at once and are too much together | `conflict` |
//! | which dumps are the same graph on several ranks | `rank` |
//!
//! A dump tells what runs after what, and not what other graphs, the host and other devices do. A rule only speaks of what
//! the dump proves; where something outside can be what is missing, it is a lint.

mod collective;
mod conflict;
mod rank;
pub mod rules;
mod subject;

use acg_diagnostics::{Diagnostic, FileId};
use acg_dump::{Repair, SyntaxError};
use acg_stats::{Blocks, Bodies, Usage};

pub use rules::RULES;
pub use subject::Subject;

/// What is wrong with each of `dumps`, and with those that are one graph on several ranks; dump by dump.
pub fn check(dumps: &[Subject<'_>]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let elsewhere = subject::Recorded::of(dumps);
    let blocks: Vec<Blocks> = dumps.iter().map(|dump| Blocks::of(dump.trace)).collect();
    for (dump, blocks) in dumps.iter().zip(&blocks) {
        rules::wait_cycle::check(dump, &mut diagnostics);
        rules::wait_without_record::check(dump, &elsewhere, &mut diagnostics);
        rules::wait_from_outside::check(dump, &elsewhere, &mut diagnostics);
        rules::record_never_waited::check(dump, &elsewhere, &mut diagnostics);
        let told = rules::vector_cores_oversubscribed::check(dump, blocks, &mut diagnostics);
        rules::unordered_collectives::check(dump, blocks, &told, &mut diagnostics);
        let usage = Usage::of(dump.trace, Bodies::Unknown, dump.profile);
        rules::streams_over_budget::check(dump, &usage, &mut diagnostics);
        rules::queue_overflow::check(dump, &usage, &mut diagnostics);
    }
    for group in rank::groups(dumps) {
        rules::collective_counts_differ::check(dumps, &group, &mut diagnostics);
        rules::collective_order_differs::check(dumps, &blocks, &group, &mut diagnostics);
    }
    diagnostics
}

/// Why `file` is no dump.
pub fn unreadable(file: FileId, error: &SyntaxError) -> Diagnostic {
    rules::unreadable_dump::diagnostic(file, error)
}

/// What had to be repaired to read `file`, whose text is `text`.
pub fn irregular(file: FileId, text: &str, repairs: &[Repair]) -> Vec<Diagnostic> {
    rules::irregular_dump::diagnostics(file, text, repairs)
}
