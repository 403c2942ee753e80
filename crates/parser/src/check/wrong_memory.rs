//! Buffers in memory that a call cannot use.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::quote;

pub(crate) static RULE: Rule =
    Rule::error("ACG417", "wrong-memory", &[], "a buffer lives in memory that a call cannot use");

/// `call` works on device memory and `name` is in host memory.
pub(crate) fn diagnostic(span: Span, call: &str, name: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("{} works on device memory and {} is in host memory", quote(call), quote(name)),
    )
    .related(declared, "declared as host memory here")
    .help("copy it to a `device` buffer first")
}

/// `call` works on host memory and `name` is in device memory.
pub(crate) fn device(span: Span, call: &str, name: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        span,
        format!("`{call}` works on host memory and {} is in device memory", quote(name)),
    )
    .related(declared, "declared as device memory here")
    .help("copy between it and a `host` buffer")
}
