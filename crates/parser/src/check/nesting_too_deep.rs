//! Blocks and views that are nested too deep.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule = Rule::error(
    "ACG424",
    "nesting-too-deep",
    &[],
    "blocks or views are nested deeper than the language allows",
);

/// The most blocks that may be open at once, the graph's included.
pub(crate) const MOST_BLOCKS: usize = 32;

/// The most views that may stand on each other.
pub(crate) const MOST_VIEWS: u32 = acg_ir::verify::MAX_VIEW_DEPTH;

/// A block inside of [`MOST_BLOCKS`] others.
pub(crate) fn block(span: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("this block is nested in {MOST_BLOCKS} others, and no deeper nesting is allowed"),
    )
    .help("close blocks that are not needed")
}

/// A view of a view of …
pub(crate) fn view(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{} stands on {MOST_VIEWS} other views, and no more are allowed", quote(name)),
    )
    .help("view the buffer itself, or a view that is nearer to it")
}
