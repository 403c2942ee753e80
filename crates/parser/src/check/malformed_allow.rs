//! Lint control that cannot be read.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule =
    Rule::lint("ACG427", "malformed-allow", "A comment looks like lint control and cannot be read as such");

/// The comment starts with `acg:` and is no `allow(…)`.
pub(crate) fn diagnostic(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "this comment starts with `acg:` and does not say what to allow")
        .help("write `// acg: allow(ACG094)`, with codes or names of rules, separated by commas")
}
