//! Slices that do not fit their buffer.

use acg_diagnostics::{Diagnostic, Rule, Span};
use acg_ir::RegionError;

use crate::quote::{quote, short};

pub(crate) static RULE: Rule = Rule::error(
    "ACG413",
    "region-out-of-bounds",
    &[],
    "a slice reaches outside of its buffer or has no elements",
);

/// The slice `text` of a tensor of type `ty` cannot be because of `error`.
pub(crate) fn diagnostic(span: Span, text: &str, ty: &str, declared: Span, error: RegionError) -> Diagnostic {
    let why = match error {
        RegionError::TooManyDimensions { given, rank } => {
            format!("it has {given} dimensions, and the buffer has {rank}")
        }
        RegionError::OutOfBounds { dimension, bound, extent } => {
            format!("{bound} lies outside of dimension {dimension}, whose extent is {extent}")
        }
        RegionError::Empty { dimension } => format!("its range in dimension {dimension} has no elements"),
        RegionError::NotByteAligned => "it does not start and end at a byte".to_owned(),
        RegionError::NotContiguous => "its bytes are not contiguous".to_owned(),
        RegionError::RankTooHigh(rank) => format!("it has {rank} dimensions"),
        RegionError::TooLarge => "it is larger than 2^64 bits".to_owned(),
    };
    Diagnostic::new(&RULE, span, format!("the slice {} does not fit `{}`: {why}", quote(text), short(ty)))
        .related(declared, "the buffer is declared here")
        .note("dimensions and elements count from 0, and `0..3` ends before 3")
}
