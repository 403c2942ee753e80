//! Streams where none can be given.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::short;

pub(crate) static RULE: Rule =
    Rule::error("ACG409", "needless-stream", &[], "a stream is given where none can be");

/// A call that takes no stream.
pub(crate) fn call(span: Span, stream: &str, call: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("`{call}` is called by the host and takes no stream"))
        .help(format!("delete `{}:`", short(stream)))
}

/// A task or group of an `auto` graph.
pub(crate) fn in_auto(span: Span, stream: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, "a graph that is `auto` names no streams; the compiler assigns them")
        .help(format!("delete `{}:`, or write the graph with `on STREAM`", short(stream)))
}
