//! Numbers and texts that are not well formed.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule =
    Rule::error("ACG410", "malformed-literal", &[], "a number or text is not well formed");

/// `text` is no number because `why`.
pub(crate) fn number(span: Span, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is not a number that may stand here: {why}", quote(text)))
        .note("numbers are written `8`, `0x1f`, `-1.5`, `1e-5`; sizes `4KiB`, `2MiB`, `1GiB`; durations `7ns`, `12.5us`, `3ms`, `1s`")
}

/// `escape` stands in a quoted text.
pub(crate) fn escape(span: Span, escape: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} is no escape", quote(escape)))
        .help("a backslash itself is written `\\\\`; escapes are `\\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\u{2192}`")
}
