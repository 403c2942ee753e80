//! One difference as a line.

use crate::report::TaskChange;

/// One difference.
pub(super) struct Line {
    /// What happened, in a word.
    pub(super) label: &'static str,
    /// To what.
    pub(super) text: String,
    /// Why, or what it means.
    pub(super) details: Vec<String>,
}

/// What happened to a task, in words.
pub(super) fn word_of(change: &TaskChange) -> Vec<&'static str> {
    match (change.old, change.new) {
        (_, None) => vec!["removed"],
        (None, _) => vec!["added"],
        _ => {
            let mut words = Vec::new();
            words.extend(change.moved.map(|_| "moved"));
            words.extend((!change.attributes.is_empty()).then_some("changed"));
            words
        }
    }
}
