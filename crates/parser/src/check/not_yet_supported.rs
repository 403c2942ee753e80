//! Words of later releases: the host program, conditionals, threads, other executables.

use acg_diagnostics::{Diagnostic, Rule, Span};

pub(crate) static RULE: Rule = Rule::error(
    "ACG401",
    "not-yet-supported",
    &[],
    "a statement belongs to a part of the language that this release does not read",
);

/// `word` starts a statement of a later release.
pub(crate) fn diagnostic(span: Span, word: &str) -> Diagnostic {
    let part = match word {
        "if" | "else" | "while" | "switch" | "case" | "cond" => "conditional tasks are",
        "thread" => "threads are",
        "model" => "offline models are",
        "ge" | "load" | "compile" => "graph engine sessions are",
        "lock" => "locks are",
        "segment" | "update" => "task updates are",
        _ => "the host program is",
    };
    Diagnostic::new(&RULE, span, format!("{part} not supported yet, so `{word}` cannot be used"))
        .note("the word is reserved, and the whole block that it opens is skipped")
        .help("delete the statement; graphs and declarations are read without it")
}
