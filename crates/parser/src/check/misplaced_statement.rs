//! Statements outside of, or inside of, a block that belong elsewhere.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule =
    Rule::error("ACG403", "misplaced-statement", &[], "a statement stands where its kind has no meaning");

/// A task outside of every graph.
pub(crate) fn task_outside(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a task stands outside of every graph and of the host program")
        .help("put it between `graph NAME on STREAM {` and `}`, or between `run {` and `}`")
}

/// A block outside of every graph.
pub(crate) fn block_outside(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{what} stands outside of every graph and of the host program"))
        .help("put it between `graph NAME on STREAM {` and `}`, or between `run {` and `}`")
}

/// A declaration inside of a graph or of the host program.
pub(crate) fn declaration_inside(span: Span, word: &str, body: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{word}` declares for the whole file and cannot stand inside of a block"),
    )
    .related(body, "the block starts here")
    .help("move the line above the block")
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

/// A second `run`.
pub(crate) fn second_run(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a file has one host program")
        .related(first, "the first one")
        .help("put all lines into one `run {`")
}

/// A second `capture` of a graph.
pub(crate) fn second_capture(span: Span, graph: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{graph}` is captured once, and a line above does so"))
        .related(first, "captured here")
        .help("delete one of the lines; `execute` runs the graph as often as is wanted")
}

/// What only graphs have, in the host program.
pub(crate) fn only_in_graph(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{what} is part of a capture and stands in a graph"))
        .help("put it between `graph NAME on STREAM {` and `}`")
}

/// What only the host program has, in a graph.
pub(crate) fn only_in_run(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{what} belongs to the host program and cannot be captured"))
        .help("put it between `run {` and `}`")
}

/// Anything but a branch directly in a `switch`.
pub(crate) fn in_switch(span: Span, what: &str, switch: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{what} stands in a `switch` and in none of its branches"))
        .related(switch, "the `switch` starts here")
        .help("put it into `case on STREAM {` and `}`")
}

/// A branch outside of a `switch`.
pub(crate) fn case_without_switch(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "`case` stands outside of a `switch`")
        .help("put it directly into `STREAM: switch COND {`")
}

/// `else` that closes no `if` or `while`.
pub(crate) fn else_without_if(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "`else` follows no `if`")
        .help("write it behind the closing brace of `STREAM: if COND on STREAM {`")
}

/// A boundary inside of another block.
pub(crate) fn segment_in_block(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "`segment` ends the capture and cannot stand in a block of it")
        .help("close the blocks before it, and open them again after it")
}

/// A line of a GE session outside of one.
pub(crate) fn outside_session(span: Span) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a graph's number stands outside of every GE session")
        .help("put the line between `ge session NAME {` and `}`")
}
