//! Flags of streams and events that do not exist.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;
use acg_diagnostics::closest;

pub(crate) static RULE: Rule =
    Rule::error("ACG423", "invalid-flag", &[], "a flag does not exist for streams or events");

/// `word` is no flag of `what` (`an event`).
pub(crate) fn unknown(span: Span, word: &str, what: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(&RULE, span, format!("{} is not a flag of {what}", quote(word)));
    match closest(word, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("flags are {}; names are separated by `,`", known.join(", "))),
    }
}

/// A word that cannot stand with the others.
pub(crate) fn conflict(span: Span, word: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} {why}", quote(word))).help("delete it")
}
