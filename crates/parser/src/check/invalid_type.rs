//! Types that no buffer can have.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_ir::DType;

use crate::quote::quote;
use acg_diagnostics::closest;

pub(crate) static RULE: Rule =
    Rule::error("ACG412", "invalid-type", &[], "a buffer type does not exist or has no size");

/// `word` names no element type.
pub(crate) fn unknown(span: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(&RULE, span, format!("{} is not an element type", quote(word)));
    let names: Vec<&str> = DType::all().map(DType::as_str).chain(["bytes"]).collect();
    let spelt = match word {
        "float" | "float32" | "fp32" => Some("f32"),
        "half" | "float16" | "fp16" => Some("f16"),
        "bfloat16" => Some("bf16"),
        "double" | "float64" | "fp64" => Some("f64"),
        "int" | "int32" => Some("i32"),
        "long" | "int64" => Some("i64"),
        "int16" => Some("i16"),
        "int8" => Some("i8"),
        "byte" | "uint8" => Some("u8"),
        "uint16" => Some("u16"),
        "uint32" => Some("u32"),
        "uint64" => Some("u64"),
        _ => closest(word, names.iter().copied()),
    };
    match spelt {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic.help(format!("element types are {}", names.join(", "))),
    }
}

/// The type `text` cannot be because of `why`.
pub(crate) fn impossible(span: Span, text: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("no buffer can have the type {}: {why}", quote(text)))
}
