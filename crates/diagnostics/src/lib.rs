//! What `acg` says about its input: rules, findings, sources and the formats that show them.
//!
//! A [`Rule`] is static data that the crate which enforces it owns; a [`Diagnostic`] is one breach of it at a
//! place in a [`Sources`] file. Nothing here knows about streams or graphs.
//!
//! **Invariant:** a diagnostic holds byte spans only; lines and columns are computed when it is shown.

mod diagnostic;
mod rule;
mod source;

pub use diagnostic::{Diagnostic, Label};
pub use rule::{Rule, Severity};
pub use source::{FileId, LineColumn, Source, Sources, Span};
