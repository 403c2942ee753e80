//! Statements outside of, or inside of, a graph that belong elsewhere.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule =
    Rule::error("ACG403", "misplaced-statement", &[], "a statement stands where its kind has no meaning");

/// A task outside of every graph.
pub(crate) fn task_outside(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a task stands outside of every graph")
        .help("put it between `graph NAME on STREAM {` and `}`")
}

/// A block outside of every graph.
pub(crate) fn block_outside(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{what} stands outside of every graph"))
        .help("put it between `graph NAME on STREAM {` and `}`")
}

/// A declaration inside of a graph.
pub(crate) fn declaration_inside(span: Span, word: &str, graph: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{word}` declares for the whole file and cannot stand inside of a graph"),
    )
    .related(graph, "the graph starts here")
    .help("move the line above the graph")
}

/// `after` where line order is call order.
pub(crate) fn after_in_explicit(span: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        "`after` orders tasks of `auto` graphs only; here the order of lines and events decides",
    )
    .help("delete `after`, or order streams with `record` and `wait`")
}

/// A stream block in an `auto` graph.
pub(crate) fn in_auto(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{what} has no place in an `auto` graph, where the compiler assigns streams and events"),
    )
    .help("order tasks with `after NAME`, or write the graph with `on STREAM`")
}

/// A second `target`.
pub(crate) fn second_target(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a file has one `target`")
        .related(first, "the first one")
        .help("delete one of them")
}
