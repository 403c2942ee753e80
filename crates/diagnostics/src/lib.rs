//! What `acg` says about its input: rules, findings, sources and the formats that show them.
//!
//! A [`Rule`] is static data that the crate which enforces it owns; a [`Diagnostic`] is one breach of it at a
//! place in a [`Sources`] file. Nothing here knows about streams or graphs.
//!
//! **Invariant:** a diagnostic holds byte spans only; lines and columns are computed when it is shown.

mod allow;
pub mod codes;
mod config;
mod diagnostic;
mod format;
mod levels;
mod limit;
mod rule;
mod source;
mod suggest;
mod summary;
mod suppress;

pub use allow::{MALFORMED_ALLOW, Malformed, allowed_rules};
pub use codes::Code;
pub use config::{Config, Lint};
pub use diagnostic::{Diagnostic, Label};
pub use format::{Format, RenderOptions, UnknownFormat, render, write};
pub use levels::{Level, Levels, UnknownRule};
pub use limit::{MOST_SHOWN, TOO_MANY, limit, too_many};
pub use rule::{Rule, Severity};
pub use source::{FileId, LineColumn, Source, Sources, Span};
pub use suggest::closest;
pub use summary::Summary;
pub use suppress::{Allow, RULES, UNKNOWN_RULE_IN_ALLOW, UNUSED_ALLOW, suppress};
