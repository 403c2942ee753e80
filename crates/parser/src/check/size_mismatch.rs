//! Sizes that must be equal and differ.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::{quote, short};

pub(crate) static RULE: Rule =
    Rule::error("ACG416", "size-mismatch", &[], "two sizes that must be equal differ");

/// `source` and `target` have different numbers of bytes.
pub(crate) fn transfer(
    span: Span,
    call: &str,
    (source, from): (&str, u64),
    (target, to): (&str, u64),
) -> Diagnostic {
    let message = format!(
        "`{call}` needs equal sizes: {} has {from} bytes and {} has {to}",
        quote(source),
        quote(target)
    );
    let larger = if from > to { source } else { target };
    Diagnostic::new(&RULE, span, message).help(format!("copy a part: `{}[0..…]`", short(larger)))
}

/// The rows of a two-dimensional copy differ.
pub(crate) fn rows(span: Span, (source, from): (&str, u64), (target, to): (&str, u64)) -> Diagnostic {
    let message = format!(
        "`copy2d` needs equal rows: those of {} have {from} bytes and those of {} have {to}",
        quote(source),
        quote(target)
    );
    Diagnostic::new(&RULE, span, message).help("slice both sides to rows of one width")
}

/// A view of `bytes` bytes is to show `actual` bytes.
pub(crate) fn view(span: Span, ty: &str, bytes: u64, base: &str, actual: u64) -> Diagnostic {
    let message = format!("{} takes {bytes} bytes and {} has {actual}", quote(ty), quote(base));
    Diagnostic::new(&RULE, span, message)
        .help("a view shows all bytes of its base; change the type or slice the base")
}

/// A flag of another size than the 8 bytes that value calls read and write.
pub(crate) fn flag(span: Span, call: &str, name: &str, bytes: u64) -> Diagnostic {
    let message = format!("`{call}` works on 8 bytes and {} has {bytes}", quote(name));
    Diagnostic::new(&RULE, span, message)
        .help("declare the flag as `device FLAG : u64[]`, or name one element: `FLAGS[0]`")
}

/// A list of `given` values for a buffer of `elements` elements.
pub(crate) fn values(span: Span, name: &str, elements: u64, given: u64) -> Diagnostic {
    let message = format!("{} has {elements} elements and the list has {given} values", quote(name));
    Diagnostic::new(&RULE, span, message).help("write one value for each element, or one for all: `= 0.0`")
}
